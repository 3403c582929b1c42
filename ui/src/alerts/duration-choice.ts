/** How long a silence may last, at a click. */
export const silenceDurations: readonly { readonly text: string; readonly milliseconds: number }[] = [
  { text: '30 min', milliseconds: 1_800_000 },
  { text: '2 h', milliseconds: 7_200_000 },
  { text: '8 h', milliseconds: 28_800_000 },
  { text: '1 d', milliseconds: 86_400_000 },
  { text: '7 d', milliseconds: 604_800_000 },
];
