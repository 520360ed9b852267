import { View } from '@tarojs/components'
import Taro from '@tarojs/taro'
import type { PropsWithChildren, ReactNode } from 'react'
import { useEffect } from 'react'
import type { IconName } from '../../../shared/core/pictures'
import { faceClass, useFace } from '../core/face'
import { goBack } from '../core/go'
import { systemArea } from '../core/system-area'
import { aria } from './aria'
import { Icon } from './icon'
import { PrivacySheet } from './privacy-sheet'
import { Tappable } from './tappable'
import { Words } from './words'

interface PageProps {
  title: string
  /** A small drawing before the title: the place, on a home. */
  icon?: IconName
  /** Where to go when nothing lies behind this page, or what to do instead. Without it there is no way back to tap. */
  back?: string | (() => unknown)
  /** The deep green page of a code. */
  inverse?: boolean
  /** The main action, at the bottom. */
  foot?: ReactNode
  /** The foot stays in sight while the rest scrolls. */
  footSticks?: boolean
  /** <TabBar …/> */
  tabBar?: ReactNode
}

/** One page: our own bar in the place the system leaves, the content, the main action, the tabs. */
export function Page(props: PropsWithChildren<PageProps>) {
  const { title, icon, back, inverse = false, foot, footSticks = false, tabBar, children } = props
  const face = useFace()
  useEffect(() => {
    void Taro.setNavigationBarTitle({ title })
  }, [title])
  const classes = ['page', faceClass(face), inverse && 'page-inverse', tabBar !== undefined && 'page-tabs']
  return (
    <View className={classes.filter(Boolean).join(' ')}>
      <Bar title={title} icon={icon} back={back} />
      <View className="main" {...aria({ role: 'main' })}>
        <View className="body">{children}</View>
        {foot !== undefined && <View className={`foot ${footSticks ? 'foot-sticks' : ''}`}>{foot}</View>}
      </View>
      {tabBar}
      <PrivacySheet />
    </View>
  )
}

function Bar({ title, icon, back }: Pick<PageProps, 'title' | 'icon' | 'back'>) {
  const { statusBar, bar, capsule } = systemArea()
  return (
    <View className="bar" style={{ paddingTop: `${statusBar}px` }} {...aria({ role: 'banner' })}>
      <View className="bar-row" style={{ minHeight: `${bar}px`, paddingRight: `${capsule || 16}px` }}>
        {back !== undefined && (
          <Tappable className="bar-back" label="返回" onTap={() => (typeof back === 'string' ? goBack(back) : back())}>
            <Icon name="back" size={24} />
          </Tappable>
        )}
        {icon !== undefined && <Icon name={icon} size={20} />}
        <View
          className="bar-title"
          {...aria({ role: 'heading' })}
          {...(process.env.TARO_ENV === 'h5' && { 'aria-level': 1 })}
        >
          <Words text={title} />
        </View>
      </View>
    </View>
  )
}
