import { addDays, clockOf, type Day, dayOf, weekdayOf } from '../../../shared/core/time'

/** Time and numbers as people say them. Every function takes the moment it is said at; none reads a clock. */

const WEEKDAYS = ['', '星期一', '星期二', '星期三', '星期四', '星期五', '星期六', '星期日']

/** "星期日" */
export function weekdayWords(day: Day): string {
  return WEEKDAYS[weekdayOf(day)] ?? ''
}

/** "11 月 15 日"; with the year when it isn't this one. */
export function dateWords(day: Day, today: Day): string {
  const [year, month, date] = day.split('-').map(Number)
  const words = `${month} 月 ${date} 日`
  return day.slice(0, 4) === today.slice(0, 4) ? words : `${year} 年 ${words}`
}

/** "今天", "昨天", "后天", else the date. */
export function dayWords(day: Day, today: Day): string {
  const near: Record<Day, string> = {
    [addDays(today, -2)]: '前天',
    [addDays(today, -1)]: '昨天',
    [today]: '今天',
    [addDays(today, 1)]: '明天',
    [addDays(today, 2)]: '后天',
  }
  return near[day] ?? dateWords(day, today)
}

/** "9:05", for the standard face. */
export function clockText(at: Date): string {
  return clockOf(at).replace(/^0/, '')
}

/** "上午", by the hour of Shanghai. */
export function partOfDay(at: Date): string {
  const hour = Number(clockOf(at).slice(0, 2))
  if (hour < 5) return '凌晨'
  if (hour < 8) return '早上'
  if (hour < 12) return '上午'
  if (hour < 13) return '中午'
  return hour < 18 ? '下午' : '晚上'
}

/** "上午好" */
export function greeting(at: Date): string {
  const part = partOfDay(at)
  return `${part === '凌晨' ? '早上' : part}好`
}

/** "9 点 05 分", "14 点" is "2 点": the part of the day is said before it. */
function hourWords(at: Date): string {
  const [hour = 0, minute = 0] = clockOf(at).split(':').map(Number)
  const spoken = `${hour > 12 ? hour - 12 : hour} 点`
  return minute === 0 ? spoken : `${spoken} ${String(minute).padStart(2, '0')} 分`
}

/** "上午 9 点 05 分" */
export function timeWords(at: Date): string {
  return `${partOfDay(at)} ${hourWords(at)}`
}

/** "今天上午 9 点 05 分到 10 点 10 分" */
export function spanWords(from: Date, to: Date, now: Date): string {
  const today = dayOf(now)
  const begin = `${dayWords(dayOf(from), today)}${timeWords(from)}`
  if (dayOf(to) !== dayOf(from)) return `${begin}到${dayWords(dayOf(to), today)}${timeWords(to)}`
  return `${begin}到${partOfDay(to) === partOfDay(from) ? ` ${hourWords(to)}` : timeWords(to)}`
}

/** "今天 9:05 到 10:10", for the standard face. */
export function spanText(from: Date, to: Date, now: Date): string {
  const today = dayOf(now)
  const end = dayOf(to) === dayOf(from) ? '' : `${dayWords(dayOf(to), today)} `
  return `${dayWords(dayOf(from), today)} ${clockText(from)} 到 ${end}${clockText(to)}`
}

/** "1 小时 5 分", "42 分钟"; whole minutes, rounded down. */
export function lengthWords(seconds: number): string {
  return lengthParts(seconds)
    .map(({ value, unit }) => `${value} ${unit}`)
    .join(' ')
}

/** The same as figures with their units, for a large display. */
export function lengthParts(seconds: number): { value: string; unit: string }[] {
  const minutes = Math.floor(seconds / 60)
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  if (hours === 0) return [{ value: `${rest}`, unit: '分钟' }]
  const full = { value: `${hours}`, unit: '小时' }
  return rest === 0 ? [full] : [full, { value: `${rest}`, unit: '分' }]
}

/** "今天上午 9 点 05 分到 10 点 10 分，一共 1 小时 5 分" */
export function visitWords(from: Date, to: Date, now: Date): string {
  return `${spanWords(from, to, now)}，一共 ${lengthWords((to.getTime() - from.getTime()) / 1000)}`
}

/** "约 300 米", "约 1.2 公里" */
export function distanceWords(metres: number): string {
  if (metres < 950) return `约 ${Math.max(10, Math.round(metres / 10) * 10)} 米`
  return `约 ${(metres / 1000).toFixed(1)} 公里`
}

/** "更新于 8:31" on the same day, else with the day. */
export function updatedWords(at: Date, now: Date): string {
  const today = dayOf(now)
  const day = dayOf(at) === today ? '' : `${dayWords(dayOf(at), today)} `
  return `更新于 ${day}${clockText(at)}`
}

/** "4827 1936" */
export function digitsWords(digits: string): string {
  return digits.replace(/(.{4})(?=.)/g, '$1 ')
}
