/** Samples that share the cost of the first ones, as in the paper's blocks of two hours and in Prometheus' chunks. */
const CHUNK = 120;

/**
 * The bytes that samples of one series would take in chunks after Gorilla (Pelkonen et al., VLDB 2015, section 4.1), each
 * with times of its own: the common measure, counted and not written.
 */
export function gorillaBytes(times: Float64Array, values: Float64Array): number {
  let bytes = 0;
  for (let from = 0; from < times.length; from += CHUNK) {
    const end = Math.min(from + CHUNK, times.length);
    bytes += Math.ceil((timeBits(times.subarray(from, end)) + valueBits(values.subarray(from, end))) / 8);
  }
  return bytes;
}

function timeBits(times: Float64Array): number {
  let bits = 64 + 14;
  for (let i = 2; i < times.length; i++) {
    const [a, b, c] = [times[i - 2] ?? 0, times[i - 1] ?? 0, times[i] ?? 0];
    const difference = c - b - (b - a);
    if (difference === 0) bits += 1;
    else if (difference >= -63 && difference <= 64) bits += 9;
    else if (difference >= -255 && difference <= 256) bits += 12;
    else if (difference >= -2047 && difference <= 2048) bits += 16;
    else bits += 36;
  }
  return bits;
}

function valueBits(values: Float64Array): number {
  const words = new BigUint64Array(values.slice().buffer);
  let bits = 64;
  let leading = 65;
  let trailing = 0;
  for (let i = 1; i < words.length; i++) {
    const changed = (words[i] ?? 0n) ^ (words[i - 1] ?? 0n);
    bits += 1;
    if (changed === 0n) continue;
    bits += 1;
    const text = changed.toString(2);
    const newLeading = Math.min(31, 64 - text.length);
    const newTrailing = text.length - 1 - text.lastIndexOf('1');
    if (newLeading < leading || newTrailing < trailing) {
      leading = newLeading;
      trailing = newTrailing;
      bits += 5 + 6;
    }
    bits += 64 - leading - trailing;
  }
  return bits;
}
