import { type Day, daysBetween } from '../../../shared/core/time'

/**
 * The lunar years 2020–2100: bit i is set when the year's month i (from 0, the leap month counted) has 30 days and not
 * 29; the number of the month that is repeated, 0 for none, is shifted by 13. Made with lunar-javascript, and a test
 * compares every day with it; the library itself is larger than this whole app.
 */
const FIRST_YEAR_BEGINS: Day = '2020-01-25'
const YEARS = [
  0x952e, 0x556, 0xab5, 0x55b2, 0x6d2, 0xcea5, 0x725, 0x64b, 0xac97, 0xcab, 0x55a, 0x6ad6, 0xb69, 0x17752, 0xb52, 0xb25,
  0xda4b, 0xa4b, 0x4ab, 0xa55b, 0x5ad, 0xb6a, 0x5b52, 0xd92, 0xfd25, 0xd25, 0xa55, 0xb4ad, 0x4b6, 0x5b5, 0x6daa, 0xec9,
  0x11e92, 0xe92, 0xd26, 0xca56, 0xa57, 0x4d6, 0x86d5, 0x755, 0x749, 0x6e93, 0x693, 0xf52b, 0x52b, 0xa5b, 0xb55a, 0x56a,
  0xb65, 0x974a, 0xb4a, 0x11a95, 0xa95, 0x52d, 0xcaad, 0xab5, 0x5aa, 0x8ba5, 0xda5, 0xd4a, 0x7c95, 0xc96, 0xf94e, 0x556,
  0xab5, 0xb5b2, 0x6d2, 0xea5, 0x8e4a, 0x68b, 0x10c97, 0x4ab, 0x55b, 0xcad6, 0xb6a, 0x752, 0x9725, 0xb45, 0xa8b, 0x549b,
  0x4ab,
]
const NUMBERS = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十']

/** "十月十四", "闰六月初一", "腊月三十" for a day; null outside the table. */
export function lunarWords(day: Day): string | null {
  let rest = daysBetween(FIRST_YEAR_BEGINS, day)
  if (rest < 0) return null
  for (const year of YEARS) {
    const leap = year >> 13
    const months = leap === 0 ? 12 : 13
    for (let index = 0; index < months; index++) {
      const days = 29 + ((year >> index) & 1)
      if (rest < days) return monthWords(index, leap) + dayWords(rest + 1)
      rest -= days
    }
  }
  return null
}

function monthWords(index: number, leap: number): string {
  const isLeap = leap !== 0 && index === leap
  const month = leap !== 0 && index >= leap ? index : index + 1
  const name = month === 1 ? '正' : month === 11 ? '冬' : month === 12 ? '腊' : NUMBERS[month]
  return `${isLeap ? '闰' : ''}${name}月`
}

function dayWords(day: number): string {
  if (day <= 10) return `初${NUMBERS[day]}`
  if (day < 20) return `十${NUMBERS[day - 10]}`
  if (day === 20) return '二十'
  return day === 30 ? '三十' : `廿${NUMBERS[day - 20]}`
}
