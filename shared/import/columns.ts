// What the sheets of all kinds have in common: columns, and cells read without asking any register.
import type { RefusalCode } from '../core/refusals'
import { type Day, isDay } from '../core/time'

export type SheetColumn = {
  title: string
  must?: true
  choices?: readonly string[]
  help?: string
  width?: number
  /** the longest text */
  most?: number
  isDay?: true
}
export type CellFault = { column: string; code: RefusalCode }
export type Cell = (title: string) => string

/** 1950/1/31, 1950.1.31 and 1950年1月31日 are how people write 1950-01-31. */
export function dayText(text: string): Day {
  const [, year, month = '', date = ''] = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(text) ?? []
  return year === undefined ? text : `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`
}

/** What is wrong with a line by its columns alone: what is missing, no choice, no day, too long. */
export function columnFaults(columns: readonly SheetColumn[], cell: Cell): CellFault[] {
  return columns.flatMap(({ title, must, choices, most, isDay: day }): CellFault[] => {
    const text = cell(title)
    const fault = (code: RefusalCode) => [{ column: title, code }]
    if (text === '') return must ? fault('REQUIRED') : []
    if (choices !== undefined && !choices.includes(text)) return fault('CHOICE_UNKNOWN')
    if (day && !isDay(dayText(text))) return fault('DATE_FORM')
    return [...text].length > (most ?? 100) ? fault('TOO_LONG') : []
  })
}

/** Words of a cell that holds several: 甲、乙，丙 */
export function wordsIn(text: string): string[] {
  return [...new Set(text.split(/[、,，;；\s]+/).filter((word) => word !== ''))]
}
