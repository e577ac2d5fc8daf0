// The telephone fills in where it is.

/**
 * A button with `data-place` shows itself where the browser can tell the place, and writes the
 * degrees into the form's fields `longitude` and `latitude`. What it says on the way comes from
 * `data-asking`, `data-found` and `data-failed`, in the page's language.
 */
export function installPlace(): void {
  if (!("geolocation" in navigator) || !window.isSecureContext) return;
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-place]")) {
    const said = button.parentElement?.querySelector<HTMLElement>("[role=status]");
    const say = (text: string | undefined) => {
      if (said) said.textContent = text ?? "";
    };
    button.hidden = false;
    button.addEventListener("click", () => {
      say(button.dataset.asking);
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          write(button.form, "longitude", coords.longitude);
          write(button.form, "latitude", coords.latitude);
          say(button.dataset.found?.replace("{n}", Math.round(coords.accuracy).toString()));
        },
        () => say(button.dataset.failed),
        { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
      );
    });
  }
}

/** Six decimals of a degree are a tenth of a metre. */
function write(form: HTMLFormElement | null, name: string, degrees: number): void {
  const field = form?.elements.namedItem(name);
  if (field instanceof HTMLInputElement) field.value = degrees.toFixed(6);
}
