import { View } from '@tarojs/components'
import { DRAWINGS, type DrawingName, type IconName } from '../../../shared/core/pictures'
import { aria } from './aria'

/**
 * What a catalogue of services or goods may name at run time. The build takes only icons that stand in quotes in the
 * app's sources, so a name that comes from the server has to be in this list.
 */
const CATALOGUE: readonly IconName[] = [
  'broom',
  'chat',
  'shopping',
  'hospital-escort',
  'device-help',
  'law',
  'meal',
  'heart',
  'gift',
  'visits',
  'phone',
  'siren',
  'book',
  'music',
  'sun',
  'flame',
  'bath',
  'bus',
  'bill',
  'scissors',
  'eggs',
  'rice',
  'soap',
]

export type IconSize = 16 | 18 | 20 | 24 | 28 | 32 | 36 | 44 | 56

interface IconProps {
  name: IconName
  size?: IconSize
  className?: string
}

/** A drawing of one line in the colour of the text around it. It never stands alone: the words say what it means. */
export function Icon({ name, size = 24, className = '' }: IconProps) {
  return <View className={`icon i${size} icon-${name} ${className}`} {...aria({ hidden: true })} />
}

/** The icon a catalogue names; a heart for a name this app doesn't know. */
export function catalogueIcon(name: string): IconName {
  return CATALOGUE.find((one) => one === name) ?? 'heart'
}

const LAYERS = ['ground', 'paper', 'tint', 'line', 'heart'] as const

interface DrawingProps {
  name: DrawingName
  tone?: 'plain' | 'green' | 'apricot'
  className?: string
}

/** A picture of several colours, each of them the theme's. */
export function Drawing({ name, tone = 'plain', className = '' }: DrawingProps) {
  return (
    <View className={`drawing drawing-${name} drawing-${tone} ${className}`} {...aria({ hidden: true })}>
      {LAYERS.map((layer) => (
        <View key={layer} className={`layer layer-${layer}`} />
      ))}
    </View>
  )
}

/** The picture of something in a catalogue: a drawing where there is one, else its icon, large. */
export function Picture({ name, tone }: { name: string; tone: 'green' | 'apricot' }) {
  const drawing = DRAWINGS.find((one) => one === name)
  return (
    <View className={`picture picture-${tone}`}>
      {drawing === undefined ? <Icon name={catalogueIcon(name)} size={56} /> : <Drawing name={drawing} tone={tone} />}
    </View>
  )
}
