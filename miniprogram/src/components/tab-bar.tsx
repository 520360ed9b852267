import { Text, View } from '@tarojs/components'
import type { IconName } from '../../../shared/core/pictures'
import { goFresh } from '../core/go'
import { aria } from './aria'
import { Icon } from './icon'
import { Tappable } from './tappable'

export interface Tab {
  title: string
  icon: IconName
  page: string
}

interface TabBarProps {
  /** Four: the scan disc of volunteers stands between the second and the third. */
  tabs: readonly Tab[]
  /** The page of the tab one is on. */
  current: string
  /** The disc in the middle; staff have none. */
  onScan?: () => unknown
}

/** 首页 · 服务 · (扫一扫) · 积分 · 我的, or the four of the staff. */
export function TabBar({ tabs, current, onScan }: TabBarProps) {
  const half = tabs.length / 2
  return (
    <View
      className={`tabbar ${onScan === undefined ? '' : 'has-scan'}`}
      {...aria({ role: 'navigation', label: '主导航' })}
    >
      {tabs.slice(0, half).map((tab) => (
        <TabButton key={tab.page} tab={tab} current={current} />
      ))}
      {onScan !== undefined && (
        <Tappable className="tab-scan" label="扫一扫" onTap={onScan}>
          <Icon name="scan" size={28} />
        </Tappable>
      )}
      {tabs.slice(half).map((tab) => (
        <TabButton key={tab.page} tab={tab} current={current} />
      ))}
    </View>
  )
}

function TabButton({ tab, current }: { tab: Tab; current: string }) {
  const here = tab.page === current
  return (
    <Tappable
      className={`tab ${here ? 'is-here' : ''}`}
      role="link"
      label={here ? `${tab.title}，当前页` : tab.title}
      onTap={() => here || goFresh(tab.page)}
    >
      <Icon name={tab.icon} />
      <Text>{tab.title}</Text>
    </Tappable>
  )
}
