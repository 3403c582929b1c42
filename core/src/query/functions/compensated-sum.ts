/**
 * A sum that carries what rounding lost beside it, after Kahan and Neumaier, and keeps an infinity once it is reached.
 * Source: https://en.wikipedia.org/wiki/Kahan_summation_algorithm#Further_enhancements.
 */
export class CompensatedSum {
  sum = 0;
  lost = 0;

  add(value: number): void {
    const total = this.sum + value;
    if (total === Infinity || total === -Infinity) this.lost = 0;
    else if (Math.abs(this.sum) >= Math.abs(value)) this.lost += this.sum - total + value;
    else this.lost += value - total + this.sum;
    this.sum = total;
  }

  get total(): number {
    return this.sum + this.lost;
  }
}
