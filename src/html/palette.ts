/** The colours of our pages, light and dark. */
export const PALETTE = `
:root { color-scheme: light dark; --back: light-dark(#fff, #15181d); --text: light-dark(#1c2024, #e3e6ea); --soft: light-dark(#59626c, #9aa4af);
  --line: light-dark(#e4e7eb, #2b3038); --good: light-dark(#e6f6e9, #10301a); --bad: light-dark(#fdecec, #3d1618); --warn: light-dark(#fff6da, #3a2f0d);
  --good-text: light-dark(#1a7f37, #56d364); --bad-text: light-dark(#b42318, #ff8a80); --warn-text: light-dark(#8a6100, #e3b341); }
`;
