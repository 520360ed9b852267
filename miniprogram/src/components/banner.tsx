import { View } from '@tarojs/components'
import type { IconName } from '../../../shared/core/pictures'
import { aria } from './aria'
import { Icon } from './icon'
import { Tappable } from './tappable'
import { Words } from './words'

interface BannerProps {
  tone?: 'warn' | 'info' | 'bad' | 'ok'
  icon: IconName
  title: string
  note?: string
  /** Where it leads; without it the banner only tells. */
  onTap?: () => unknown
}

/** One sentence that is true for the whole page: no network, somebody unwell. The page below goes on working. */
export function Banner({ tone = 'warn', icon, title, note, onTap }: BannerProps) {
  const content = (
    <>
      <Icon name={icon} />
      <View className="grow">
        <Words text={title} />
        {note !== undefined && (
          <View className="banner-note">
            <Words text={note} />
          </View>
        )}
      </View>
      {onTap !== undefined && <Icon name="chevron" size={20} />}
    </>
  )
  if (onTap === undefined)
    return (
      <View className={`banner banner-${tone}`} {...aria({ live: 'polite' })}>
        {content}
      </View>
    )
  return (
    <Tappable
      className={`banner banner-${tone}`}
      label={note === undefined ? title : `${title}，${note}`}
      onTap={onTap}
    >
      {content}
    </Tappable>
  )
}
