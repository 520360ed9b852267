import { type Day, nextMonth } from '../../../shared/core/time'
import { periodWords, type ReportKind } from '../../../shared/report/templates'

/** The period that ended last: what a report is most often asked for. */
export function latestPeriod(kind: ReportKind, today: Day): string {
  return periodsFor(kind, today)[1]?.value ?? ''
}

/** The running period and those before it, the newest first. */
export function periodsFor(kind: ReportKind, today: Day): { value: string; label: string }[] {
  const month = today.slice(0, 7)
  const year = Number(today.slice(0, 4))
  const found = {
    month: () => Array.from({ length: 13 }, (_, back) => nextMonth(month, -back)),
    quarter: () => Array.from({ length: 6 }, (_, back) => quarterOf(nextMonth(month, -3 * back))),
    midTerm: () => [year, year - 1, year - 2].map((one) => `${one}-H1`),
    year: () => [year, year - 1, year - 2, year - 3].map(String),
  }[kind]()
  return found.map((value) => ({ value, label: periodWords(kind, value) }))
}

const quarterOf = (month: string) => `${month.slice(0, 4)}-Q${Math.ceil(Number(month.slice(5)) / 3)}`
