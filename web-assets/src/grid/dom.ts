// A few lines instead of a framework: elements with attributes, texts with places.

type Attributes = Record<string, string | number | boolean | undefined>;

export function el<K extends keyof HTMLElementTagNameMap>(
  name: K, attributes: Attributes = {}, ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

/** An icon from the page's sprite. */
export function icon(sprite: string, name: string): SVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon icon-sm");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

/** The page's texts in its language; a missing one shows its key, like on the server. */
export class Texts {
  constructor(private readonly all: Record<string, string>) {}

  get(key: string, places: Record<string, string | number> = {}): string {
    const one = places.n === 1 ? this.all[`${key}_one`] : undefined;
    const text = one ?? this.all[key] ?? `⟦${key}⟧`;
    return Object.entries(places).reduce((out, [name, value]) => out.replaceAll(`{${name}}`, String(value)), text);
  }
}
