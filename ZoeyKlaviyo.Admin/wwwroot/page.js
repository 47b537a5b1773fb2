// Small services to the pages; imported when first needed.

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // the browser allows it on https and localhost only, or the person has refused it
  }
}

// The part of the page that the address names may be drawn only after the browser looked for it.
export function reveal(id) {
  document.getElementById(id)?.scrollIntoView({ block: "start" });
}
