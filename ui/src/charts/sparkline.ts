/** The least height of the box, as a share of the value. */
const leastSpan = 0.25;

/** The path of a small line in a box, in SVG's language; gaps lift the pen, a lone point becomes a dot. Empty without finite values. */
export function sparklinePath(values: readonly (number | undefined)[], width: number, height: number): string {
  const finite = values.filter((value): value is number => value !== undefined && Number.isFinite(value));
  if (finite.length === 0) return '';
  const [least, most] = [Math.min(...finite), Math.max(...finite)];
  // A small change looks small: the box is at least a quarter of the value high.
  const rise = least === most ? 0 : Math.max(most - least, Math.max(Math.abs(least), Math.abs(most)) * leastSpan);
  const low = (least + most - rise) / 2;
  const x = (i: number): number => (values.length < 2 ? width / 2 : (i / (values.length - 1)) * width);
  const y = (value: number): number => (rise === 0 ? height / 2 : height - ((value - low) / rise) * height);
  let path = '';
  let isDown = false;
  values.forEach((value, i) => {
    const isDrawn = value !== undefined && Number.isFinite(value);
    if (isDrawn) path += `${isDown ? 'L' : 'M'}${x(i).toFixed(1)} ${y(value).toFixed(1)}${isDown ? '' : 'h0'}`;
    isDown = isDrawn;
  });
  return path;
}
