/** The host's own reading of "订阅消息参数值内容限制说明", written without a look at the client's. */
const isHan = (text: string) => /^\p{Script=Han}+$/u.test(text)
const isDate = (text: string) => /^\d{4}年\d{1,2}月\d{1,2}日$/.test(text) || /^\d{4}([-/.])\d{1,2}\1\d{1,2}$/.test(text)
const isClock = (text: string) => {
  const [hour, minute, second = '00', ...rest] = text.split(':')
  const isBelow = (part: string | undefined, below: number) => /^\d{1,2}$/.test(part ?? '') && Number(part) < below
  return (
    rest.length === 0 && isBelow(hour, 24) && /^\d\d$/.test(minute ?? '') && isBelow(minute, 60) && isBelow(second, 60)
  )
}
const isTime = (text: string) => {
  const parts = text.split(' ')
  return parts.length === 1 ? isClock(text) : parts.length === 2 && isDate(parts[0] ?? '') && isClock(parts[1] ?? '')
}
const digitsIn = (text: string) => text.replace(/\D/g, '').length

const ACCEPTS: Readonly<Record<string, (text: string) => boolean>> = {
  thing: (text) => text.length <= 20,
  number: (text) => /^[\d.]+$/.test(text) && !Number.isNaN(Number(text)) && text.length <= 32,
  character_string: (text) => text.length <= 32 && [...text].every((one) => one >= ' ' && one <= '~'),
  phrase: (text) => text.length <= 5 && isHan(text),
  name: (text) => !/\d/.test(text) && text.length <= (/\p{Script=Han}/u.test(text) ? 10 : 20),
  phone_number: (text) => text.length <= 17 && digitsIn(text) > 0 && /^[-+() \d]+$/.test(text),
  time: isTime,
  date: (text) => isDate(text) || isTime(text),
  amount: (text) => {
    const number = text.slice(1).replace(/元$/, '')
    return '¥￥$€£'.includes(text.charAt(0)) && /^\d+(\.\d+)?$/.test(number) && digitsIn(number) <= 10
  },
}

/** Whether the host takes this text for a key such as `thing1`. */
export function acceptsValue(key: string, text: unknown): boolean {
  if (typeof text !== 'string' || text.trim() === '' || /\p{Cc}/u.test(text)) return false
  return ACCEPTS[key.replace(/\d+$/, '')]?.(text) ?? false
}
