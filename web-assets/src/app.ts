// What every page loads. Each part only improves what works without it: a page whose script
// failed still navigates, filters and submits.
import htmx from "htmx.org";
import { installConfirm, installOnce } from "./confirm";
import { installAutosubmit, installCheckAll, installErrorFocus } from "./forms";
import { installPlace } from "./place";
import { installReturnForm } from "./return-form";
import { installNavigation, installThemeSwitch } from "./shell";
import { installTableSort } from "./table-sort";
import { installTips } from "./tips";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}

// The content security policy forbids both, and neither is needed.
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
window.htmx = htmx;

document.addEventListener("DOMContentLoaded", () => {
  installNavigation();
  installThemeSwitch();
  installTips();
  installConfirm();
  installOnce();
  installAutosubmit();
  installErrorFocus();
  installCheckAll();
  installPlace();
  installReturnForm();
  installTableSort(document);
});
document.addEventListener("htmx:load", (event) => {
  const part = (event as CustomEvent<{ elt?: HTMLElement }>).detail?.elt;
  if (part) installTableSort(part);
});
