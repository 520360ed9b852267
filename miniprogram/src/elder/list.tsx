import { View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { useState } from 'react'
import { dayOf } from '../../../shared/core/time'
import type { Page as PageOf } from '../../../shared/core/view'
import type { ElderView } from '../../../shared/elder/view'
import type { RegionView } from '../../../shared/region/view'
import { Button } from '../components/button'
import { List, ListRow } from '../components/card'
import { Choices, Picker, TextInput } from '../components/field'
import { MorePages } from '../components/more-pages'
import { Page } from '../components/page'
import { EmptyState, Loaded } from '../components/states'
import { Dotted, StatusLine } from '../components/words'
import { get } from '../core/call'
import { go } from '../core/go'
import { Tabs } from '../core/tabs'
import { useNow } from '../core/use-now'
import { usePages } from '../core/use-pages'
import { useQuery } from '../core/use-query'
import { dateWords } from '../core/words'
import { ForStaff } from '../session/for-staff'
import { isDesk } from '../session/powers'
import { categoryWords } from './words'
import './list.css'

const STATES = [
  { value: 'active', words: '全部' },
  { value: 'notVisited', words: '本月没去' },
  { value: 'noPlate', words: '没有门牌' },
] as const
type State = (typeof STATES)[number]['value']
const EVERYWHERE = 'all'

/** 老人: found by initials or by the number on the plate, in one village or all of them. */
export default function ElderListPage() {
  return (
    <ForStaff title="老人" may={isDesk}>
      {() => <Elders />}
    </ForStaff>
  )
}

function Elders() {
  const asked = useRouter().params.state
  const [state, setState] = useState<State>(() => STATES.find(({ value }) => value === asked)?.value ?? 'active')
  const [regionId, setRegionId] = useState(EVERYWHERE)
  const [typed, setTyped] = useState('')
  const [q, setQ] = useState('')
  const filter = { state, regionId: regionId === EVERYWHERE ? undefined : regionId, q }
  const key = `elders.${state}.${regionId}`
  const elders = usePages(
    `${key}.${q}`,
    (cursor) => get<PageOf<ElderView>>('/elders', { ...filter, limit: 30, cursor }),
    q === '' ? { keptAs: key } : {},
  )
  return (
    <Page title="老人" tabBar={<Tabs current="/elder/list" />}>
      <View className="stack">
        <View className="elders-search">
          <View className="grow">
            <TextInput
              name="q"
              label="姓名首字母，或门牌编号"
              hint="王秀英填 wxy"
              value={typed}
              maxLength={30}
              onChange={setTyped}
            />
          </View>
          <Button className="elders-find" onTap={() => setQ(typed.trim())}>
            查找
          </Button>
        </View>
        <Villages value={regionId} onChange={setRegionId} />
        <Choices label="看哪些老人" role="tab" options={STATES} value={state} onChange={setState} />
        <Loaded query={elders.first} failed="没能打开老人名单" rows={5}>
          {() =>
            elders.items.length === 0 ? (
              <Nobody
                isSearch={q !== ''}
                onAll={() => {
                  setTyped('')
                  setQ('')
                  setState('active')
                  setRegionId(EVERYWHERE)
                }}
              />
            ) : (
              <>
                <List>
                  {elders.items.map((elder) => (
                    <ElderRow key={elder.id} elder={elder} />
                  ))}
                </List>
                <MorePages pages={elders} words="再看一些" />
              </>
            )
          }
        </Loaded>
      </View>
    </Page>
  )
}

function Nobody({ isSearch, onAll }: { isSearch: boolean; onAll: () => void }) {
  return (
    <EmptyState
      title={isSearch ? '没有找到这位老人' : '这里没有老人'}
      note={isSearch ? '核对一下首字母，或看看全部' : '换一个条件看看'}
    >
      <Button kind="line" className="btn-wide" onTap={onAll}>
        看全部老人
      </Button>
    </EmptyState>
  )
}

/** The villages (or towns) below one's own region; who has a single village chooses nothing. */
function Villages({ value, onChange }: { value: string; onChange: (regionId: string) => void }) {
  const regions = useQuery('regions.below', readRegionsBelow, { keptAs: 'regions.below' })
  const below = regions.data ?? []
  if (below.length < 2) return null
  return (
    <Picker
      name="region"
      label="哪个村、社区"
      options={[{ value: EVERYWHERE, words: '全部' }, ...below.map(({ id, name }) => ({ value: id, words: name }))]}
      value={value}
      onChange={onChange}
    />
  )
}

async function readRegionsBelow(): Promise<RegionView[]> {
  const roots = await get<RegionView[]>('/regions')
  const children = await Promise.all(
    roots.map(async (root) => (root.childCount === 0 ? [root] : get<RegionView[]>('/regions', { parentId: root.id }))),
  )
  return children.flat()
}

function ElderRow({ elder }: { elder: ElderView }) {
  const today = dayOf(useNow(60))
  const last = elder.lastVisitDay === null ? '还没有人去过' : `上次 ${dateWords(elder.lastVisitDay, today)}`
  const age = elder.age === null ? null : `${elder.age} 岁`
  return (
    <ListRow
      title={<Dotted words={[elder.maskedName, age, elder.regionName]} />}
      note={<Dotted words={[categoryWords(elder.categories), last, !elder.hasPlate && '没有门牌']} />}
      status={<Visited elder={elder} />}
      onTap={() => go('/elder/detail', { id: elder.id })}
    />
  )
}

function Visited({ elder }: { elder: ElderView }) {
  if (elder.ended) return <StatusLine kind="none">已退出</StatusLine>
  if (elder.visitedThisMonth === null) return null
  return elder.visitedThisMonth ? (
    <StatusLine kind="ok">本月去过</StatusLine>
  ) : (
    <StatusLine kind="warn">本月没去</StatusLine>
  )
}
