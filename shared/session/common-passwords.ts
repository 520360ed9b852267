/**
 * What is tried first, by rule instead of by a list of millions: in every leaked list the frequent long passwords are made of
 * these pieces. What is left of a password without them is what counts.
 */
const WORDS = [
  'password passwd passw0rd p@ssword p@ssw0rd pa55word letmein welcome login master administrator admin root guest default',
  'iloveyou princess dragon monkey sunshine football baseball superman batman shadow michael jordan charlie trustno1 starwars',
  'whatever freedom computer internet secret changeme hello qazwsx abc123 a1b2c3 test123 system server database',
  'woaini woaiwojia wozuiaini nihao zhongguo beijing shandong weihai wendeng mima mimashi laopo laogong baobao qinaide',
  'zhang wang liu chen yang huang zhao zhou xiaoming admin123 5201314 1314520 520520 a123456 q123456 aa123456 woaini1314',
  'mulin shijianyinhang jifen yanglao minzheng shequ laoren zhiyuanzhe gongan zhengfu taobao weixin alipay',
].flatMap((line) => line.split(' '))

/** Rows of a keyboard, the alphabet and digits: any four in a row, either way round. */
const ROWS = [
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
]
const RUN = 4

/** The password without what anybody would guess: common words, runs of keys, years and birthdays, one sign many times. */
export function withoutCommon(password: string): string {
  let left = password.toLowerCase()
  for (const word of [...WORDS].sort((one, other) => other.length - one.length)) left = left.replaceAll(word, '')
  left = withoutRuns(left)
  left = left.replace(/(19|20)\d{2}((0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01]))?/g, '')
  return left.replace(/(.)\1{2,}/g, '$1')
}

function withoutRuns(text: string): string {
  const rows = ROWS.flatMap((row) => [row, [...row].reverse().join('')])
  let left = ''
  for (let place = 0; place < text.length; ) {
    const longest = Math.max(0, ...rows.map((row) => runAt(text, place, row)))
    if (longest < RUN) left += text.charAt(place)
    place += longest < RUN ? 1 : longest
  }
  return left
}

/** How many signs from here on stand side by side in a row of keys. */
function runAt(text: string, place: number, row: string): number {
  let length = 0
  while (place + length < text.length && row.includes(text.slice(place, place + length + 1))) length++
  return length
}
