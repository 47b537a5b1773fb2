// Loaded before anything is drawn, so that a dark page never flashes white.
(() => {
  const key = "theme";
  const system = matchMedia("(prefers-color-scheme: dark)");
  const read = () => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage is blocked: the system's choice holds
    }
  };
  const isDark = () => (read() ?? (system.matches ? "dark" : "light")) === "dark";
  const apply = () => { document.documentElement.dataset.theme = isDark() ? "dark" : "light"; };

  window.zoeyShell = {
    screen: () => ({ isDark: isDark() }),
    chooseTheme(dark) {
      document.documentElement.dataset.theme = dark ? "dark" : "light";
      try {
        localStorage.setItem(key, dark ? "dark" : "light");
      } catch {
        // storage is blocked: the choice holds until the page is loaded again
      }
    },
  };
  apply();

  // A skip link with an address would be resolved against the page's base and leave the page.
  document.addEventListener("click", (event) => {
    if (event.target.closest?.(".skip-link")) document.getElementById("main")?.focus();
  });
})();
