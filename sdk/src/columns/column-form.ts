/**
 * A packed column: one float64 per step of a grid, or no sample. Bytes, as base64 text where JSON carries them.
 *
 *     byte      the form of the values (low four bits) and, in bit 4, whether a bitmap follows
 *     varint    the number of steps
 *     [bitmap]  one bit per step, lowest bit first: 1 where there is a sample; all are there when it is left out
 *     values    of the steps that have a sample, in order:
 *       raw       eight bytes each, little endian
 *       decimal   byte e, then each value times 10^e as a whole number: the zigzag varint of its difference to the one before
 *       repeated  eight bytes, the one value of all
 *
 * Varints have seven bits to a byte, lowest first, and stay below 2^53. Every bit of a value comes back, those of NaN too.
 */
export const FORM = { raw: 0, decimal: 1, repeated: 2 } as const;

/** Bit 4 of the first byte. */
export const HAS_BITMAP = 0x10;

/** The most digits after the point that are tried. */
export const MOST_DECIMALS = 9;

/** Whole numbers up to this have exact differences. */
export const MOST_WHOLE = 2 ** 51;
