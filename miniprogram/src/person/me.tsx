import { View } from '@tarojs/components'
import type { Me } from '../../../shared/session/view'
import { ROLE_WORDS } from '../../../shared/session/words'
import { Button } from '../components/button'
import { List, ListRow, Section, Who } from '../components/card'
import { Choices } from '../components/field'
import { Page } from '../components/page'
import { ErrorState, FailureLine } from '../components/states'
import { StatusLine } from '../components/words'
import { setScale, useFace, wearElderFace } from '../core/face'
import { go, goFresh } from '../core/go'
import { homeOf } from '../core/home'
import { useSession } from '../core/session'
import { Tabs } from '../core/tabs'
import { useAction } from '../core/use-action'
import { useUnread } from '../notice/unread'
import { leave } from '../session/enter'
import { atCounter, isDesk } from '../session/powers'
import { DeskCode } from './desk-code'

/** Everything somebody is here: a neighbour who helps may be on the staff, and be visited too. */
function kindsOf(me: Me): string[] {
  return [
    me.member !== null && (me.member.kind === 'volunteer' ? '志愿者' : '睦邻互助员'),
    ...me.roles.map(({ role }) => ROLE_WORDS[role]),
    me.elder !== null && '服务对象',
    me.proxyOf.length > 0 && '家人代办',
  ].filter((word) => word !== false)
}

/** 我的: who I am here, my records, how large the letters are, and the way out. */
export default function MePage() {
  const me = useSession()?.me ?? null
  const face = useFace()
  const { unread, failure } = useUnread(me !== null)
  const quit = useAction(async () => {
    await leave()
    await goFresh('/session/login')
  })
  if (me === null)
    return (
      <Page title="我的">
        <ErrorState title="请先登录" failure={{ code: 'NOT_LOGGED_IN', sentence: '请先登录' }} />
      </Page>
    )
  const place = me.member?.regionName ?? me.roles[0]?.regionName ?? me.elder?.regionName
  const isElderly = me.elder !== null || me.proxyOf.length > 0
  return (
    <Page title="我的" tabBar={<Tabs current="/person/me" />}>
      <Who name={me.name} note={[...kindsOf(me), ...(place === undefined ? [] : [place])].join('·')} />
      <List>
        {me.member !== null && (
          <>
            <ListRow title="服务记录" onTap={() => go('/visit/mine')} />
            <ListRow title="志愿服务档案" onTap={() => go('/visit/apart/record')} />
            <ListRow title="我的信用" onTap={() => go('/credit/mine')} />
            <ListRow title="我结对的老人" onTap={() => go('/elder/apart/paired')} />
          </>
        )}
        {(me.member !== null || isElderly) && <ListRow title="我的兑换码" onTap={() => go('/redemption/mine')} />}
        {isElderly && (
          <ListRow title={me.elder === null ? '替家人办事' : '长辈首页'} onTap={() => goFresh('/elder/home')} />
        )}
        <ListRow title="老人请我代办" onTap={() => go('/elder/apart/accept')} />
        {atCounter(me) && <ListRow title="兑换点" onTap={() => goFresh('/redemption/fulfil')} />}
        {me.member !== null && isDesk(me) && (
          <>
            <ListRow title="工作人员：今日要办" onTap={() => goFresh('/report/field')} />
            <ListRow title="工作人员：老人" onTap={() => goFresh('/elder/list')} />
            <ListRow title="工作人员：电话回访" onTap={() => goFresh('/visit/calls')} />
          </>
        )}
        <ListRow
          title="消息"
          {...(unread === 0 ? {} : { status: <StatusLine kind="wait">{`${unread} 条没看`}</StatusLine> })}
          onTap={() => go('/notice/mine')}
        />
        <ListRow title="等待上传" onTap={() => go('/queue/waiting')} />
        {me.member !== null && (
          <ListRow
            title="签到用的手机"
            {...(me.device === 'other' && { status: <StatusLine kind="warn">不是这部</StatusLine> })}
            onTap={() => go('/session/device')}
          />
        )}
        <ListRow title="我的个人信息" onTap={() => go('/person/apart/data')} />
        <ListRow title="帮助与电话" onTap={() => go('/person/help')} />
      </List>
      <FailureLine failure={failure} />
      {me.roles.length > 0 && <DeskCode />}
      <Section title="看得清楚">
        <View className="stack">
          <Choices
            label="用哪一版"
            layout="even"
            options={[
              { value: 'standard', words: '标准版' },
              { value: 'elder', words: '长辈版' },
            ]}
            value={face.elder ? 'elder' : 'standard'}
            onChange={(value) => wearElderFace(value === 'elder')}
          />
          {face.elder && (
            <Choices
              label="字多大"
              layout="even"
              options={[
                { value: '1', words: '大字' },
                { value: '1.25', words: '更大' },
                { value: '1.5', words: '最大' },
              ]}
              value={`${face.scale}`}
              onChange={(value) => setScale(value === '1.5' ? 1.5 : value === '1.25' ? 1.25 : 1)}
            />
          )}
        </View>
      </Section>
      <View className="stack">
        <Button kind="line" className="btn-wide" onTap={() => goFresh(homeOf(me))}>
          回首页
        </Button>
        <Button kind="quiet" className="btn-wide" busy={quit.busy} onTap={() => quit.run()}>
          换一个人登录
        </Button>
      </View>
    </Page>
  )
}
