import { Text, View } from '@tarojs/components'
import type { PropsWithChildren } from 'react'
import type { IconName } from '../../../shared/core/pictures'
import { aria } from './aria'
import { Icon } from './icon'

/** A middle dot: full width in Chinese fonts, so it takes the Latin glyph. */
export function Dot() {
  return (
    <Text className="mid" {...aria({ hidden: true })}>
      ·
    </Text>
  )
}

/** Words joined by middle dots; what is empty is left out. */
export function Dotted({ words }: { words: readonly (string | null | undefined | false)[] }) {
  const shown = words.filter((word): word is string => typeof word === 'string' && word !== '')
  return (
    <Text>
      {shown.map((word, index) => (
        <Text key={word} className="phrase">
          {word}
          {index + 1 < shown.length && <Dot />}
        </Text>
      ))}
    </Text>
  )
}

/** Words that may hold middle dots: "泽头镇·北庄村". */
export function Words({ text }: { text: string }) {
  return text.includes('·') ? <Dotted words={text.split('·').map((word) => word.trim())} /> : <Text>{text}</Text>
}

/** A number to call: never broken in two. */
export function PhoneNumber({ number }: { number: string }) {
  return <Text className="nb num">{number}</Text>
}

interface HeadingProps {
  level?: 1 | 2 | 3
  className?: string
}

export function Heading({ level = 2, className = '', children }: PropsWithChildren<HeadingProps>) {
  return (
    <View
      className={`h${level} ${className}`}
      {...aria({ role: 'heading' })}
      {...(process.env.TARO_ENV === 'h5' && { 'aria-level': level })}
    >
      {children}
    </View>
  )
}

export type StatusKind = 'ok' | 'wait' | 'warn' | 'bad' | 'none'
const STATUS_ICONS: Record<StatusKind, IconName> = {
  ok: 'check-circle',
  wait: 'clock',
  warn: 'clock',
  bad: 'alert',
  none: 'minus',
}

interface StatusLineProps {
  kind: StatusKind
  icon?: IconName
  /** On a tint, where it leads a row. */
  pill?: boolean
}

/** Icon, word and colour: always all three, so that grey loses nothing. */
export function StatusLine({ kind, icon, pill = false, children }: PropsWithChildren<StatusLineProps>) {
  return (
    <View className={`status status-${kind} ${pill ? 'pill' : ''}`}>
      <Icon name={icon ?? STATUS_ICONS[kind]} size={18} />
      <Text>{children}</Text>
    </View>
  )
}

/** What each level of evidence means, as in the domain's table. */
const EVIDENCE_WORDS = [
  '事后补录',
  '扫了门牌，或直接结束',
  '门牌、手机和位置都对上了',
  '扫了动态码',
  '动态码，中途又核实过',
]

/** How well the minutes are proven: n of four bars, and Ln. A low level isn't bad, so it has no colour of its own. */
export function EvidenceBadge({ level }: { level: 0 | 1 | 2 | 3 | 4 }) {
  return (
    <View className="evidence" {...aria({ role: 'img', label: `凭证 L${level}：${EVIDENCE_WORDS[level]}` })}>
      {[1, 2, 3, 4].map((bar) => (
        <View key={bar} className={`evidence-bar ${bar <= level ? 'is-full' : ''}`} />
      ))}
      <Text className="evidence-level">L{level}</Text>
    </View>
  )
}

export function evidenceWords(level: number): string {
  return EVIDENCE_WORDS[level] ?? ''
}

interface FigureProps {
  /** "1 小时 5 分" is [{value:'1',unit:'小时'},{value:'5',unit:'分'}]. */
  parts: readonly { value: string; unit: string }[]
  /** `hero` 76, `large` 60, `figure` 44 (48/60/72 in 长辈版), `row` 30. */
  size?: 'hero' | 'large' | 'figure' | 'row'
}

/** The number a person came for, with its unit at half the height. It stands still: figures never count up. */
export function Figure({ parts, size = 'figure' }: FigureProps) {
  return (
    <View
      className={`figure figure-${size}`}
      {...aria({ role: 'text', label: parts.map((one) => `${one.value} ${one.unit}`).join(' ') })}
    >
      {parts.map(({ value, unit }) => (
        <Text key={unit} className="figure-part">
          {value}
          <Text className="figure-unit">{unit}</Text>
        </Text>
      ))}
    </View>
  )
}

interface PointsFigureProps {
  /** As read: "58", "1.5". */
  points: string
  label?: string
  unit?: string
  /** Below: 审核中 20 · 12 月 31 日到期 10. */
  notes?: readonly { label: string; value: string }[]
}

/** Points in ink, not green: green is for doing. */
export function PointsFigure({ points, label = '可以用', unit = '分', notes = [] }: PointsFigureProps) {
  return (
    <View className="points">
      <View className="t2">{label}</View>
      <Figure parts={[{ value: points, unit }]} size="large" />
      {notes.length > 0 && (
        <View className="points-notes">
          {notes.map((note) => (
            <View key={note.label}>
              {note.label} <Text className="strong num">{note.value}</Text>
            </View>
          ))}
        </View>
      )}
    </View>
  )
}

/**
 * Where a number comes from, where it stands: "65 分钟 ÷ 5 = 13 分" becomes figures with their units, the last one on
 * green. A formula of another form is shown as the sentence it is.
 */
export function Formula({ text }: { text: string }) {
  const parts = partsOf(text)
  if (parts === null) return <View className="num">{text}</View>
  return (
    <View className="formula num" {...aria({ role: 'text', label: text })}>
      {parts.map(({ key, sign, value, unit }, place) =>
        sign !== null ? (
          <Text key={key} className="formula-sign">
            {sign}
          </Text>
        ) : (
          <View key={key} className={`formula-part ${parts[place - 1]?.sign === '=' ? 'is-result' : ''}`}>
            <View className="formula-value">{value}</View>
            <View className="formula-unit">{unit}</View>
          </View>
        ),
      )}
    </View>
  )
}

interface FormulaPart {
  key: number
  sign: string | null
  value: string
  unit: string
}

/** Figures and signs in turn, or null when the text isn't made like that. */
function partsOf(text: string): FormulaPart[] | null {
  const parts = text.split(/\s*([÷×=+−])\s*/).map((part, key) => {
    if (key % 2 === 1) return { key, sign: part, value: '', unit: '' }
    const [, value, unit = ''] = /^([\d.]+)\s*(.*)$/.exec(part) ?? []
    return value === undefined ? null : { key, sign: null, value, unit }
  })
  const read = parts.filter((part) => part !== null)
  return read.length > 2 && read.length === parts.length ? read : null
}
