const DAY = 86_400_000;

function field(read: (date: Date) => number): (seconds: number) => number {
  return (seconds) => read(new Date(Math.trunc(seconds) * 1000));
}

/** The parts of a UTC date, given in seconds since the epoch; NaN where the date is out of range. */
export const calendarFields: Readonly<Record<string, (seconds: number) => number>> = {
  minute: field((date) => date.getUTCMinutes()),
  hour: field((date) => date.getUTCHours()),
  day_of_week: field((date) => date.getUTCDay()),
  day_of_month: field((date) => date.getUTCDate()),
  day_of_year: field((date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY) + 1),
  days_in_month: field((date) => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()),
  month: field((date) => date.getUTCMonth() + 1),
  year: field((date) => date.getUTCFullYear()),
};
