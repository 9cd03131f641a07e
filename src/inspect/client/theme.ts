/** Light or dark: as the system says, or as chosen here. */
import { element } from "./element.ts";

const CHOICES = [["", "As the system"], ["light", "Light"], ["dark", "Dark"]] as const;
const KEY = "ts-hotfix-theme";

export function themeSwitch(): HTMLElement {
  const select = element("select", { change: () => choose(select.value) });
  for (const [value, name] of CHOICES) select.append(element("option", { value }, name));
  select.value = remembered();
  choose(select.value);
  return element("label", { class: "theme" }, "Colours ", select);
}

function choose(theme: string): void {
  document.documentElement.dataset["theme"] = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // a page opened from a file may have no storage: it forgets
  }
}

function remembered(): string {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}
