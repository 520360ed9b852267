import { useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useParams } from 'react-router'
import type { MemberDetail } from '../../../shared/member/view'
import { may } from '../../../shared/session/permissions'
import { MemberCertificates } from '../certificate/member-certificates'
import { Choice } from '../components/choice'
import { FormDialog } from '../components/form'
import { LinesInput } from '../components/lines-input'
import { LinkButton } from '../components/link-button'
import { Fact, Facts, Page, Section } from '../components/page'
import { Unread } from '../components/states'
import { Pill } from '../components/status'
import { post } from '../core/call'
import { count, hours, points } from '../core/format'
import { REQUIRED } from '../core/rules'
import { useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { useTell } from '../core/use-action'
import { useOne } from '../core/use-list'
import { MEMBER_KIND_WORDS, MEMBER_STATE_WORDS, optionsOf, SEX_WORDS, wordOf } from '../core/words'
import { Reveal } from '../person/reveal'
import { MemberState } from './members'

export default function MemberPage() {
  const { id = '' } = useParams()
  const me = useMe()
  const scoped = useScoped()
  const cache = useQueryClient()
  const tell = useTell()
  const member = useOne<MemberDetail>(`/members/${id}`)
  const [asking, setAsking] = useState<'state' | 'trainings' | null>(null)
  const back = { to: scoped('/members'), label: '志愿者' }
  const done = () => {
    tell('已保存')
    cache.invalidateQueries()
  }
  if (!member.data)
    return (
      <Page title="志愿者" back={back}>
        <Unread of={member} />
      </Page>
    )
  const one = member.data
  const reveals = `/members/${one.id}/reveals`
  return (
    <Page
      title={one.maskedName}
      note={`${one.regionName}，${wordOf(MEMBER_KIND_WORDS, one.kind)}`}
      back={back}
      actions={
        <>
          <LinkButton to={scoped(`/members/${one.id}/record`)}>志愿服务记录</LinkButton>
          <LinkButton to={scoped(`/credit/helpers/${one.id}`)}>信用</LinkButton>
          <LinkButton to={scoped(`/visits?memberId=${one.id}`)}>服务记录</LinkButton>
          {one.accountId && <LinkButton to={scoped(`/accounts/${one.accountId}`)}>积分账户</LinkButton>}
          {may(me, 'member.suspend') && <Button onClick={() => setAsking('state')}>改状态</Button>}
        </>
      }
    >
      <div className="stack">
        <section className="card" aria-label="合计">
          <dl className="sums num">
            <div>
              <dt>本月</dt>
              <dd>
                {hours(one.monthSeconds)}
                <small>小时，{count(one.monthVisits)} 次</small>
              </dd>
            </div>
            <div>
              <dt>累计</dt>
              <dd>
                {hours(one.totalSeconds)}
                <small>小时</small>
              </dd>
            </div>
            <div>
              <dt>{me.pointsWord}</dt>
              <dd>
                {one.availableMilliPoints === null ? '—' : points(one.availableMilliPoints)}
                <small>
                  {one.postedMilliPoints === null ? '没有账户' : `可用，账上 ${points(one.postedMilliPoints)}`}
                </small>
              </dd>
            </div>
          </dl>
        </section>
        <Section title="基本情况">
          <Facts>
            <Fact label="状态">
              <MemberState state={one.state} />
            </Fact>
            <Fact label="性别">{wordOf(SEX_WORDS, one.sex)}</Fact>
            <Fact label="年龄">{one.age === null ? null : `${one.age} 岁`}</Fact>
            <Fact label="姓名">
              <Reveal path={reveals} field="name" label="姓名" masked={one.maskedName} />
            </Fact>
            <Fact label="电话">
              <Reveal path={reveals} field="phone" label="电话" masked={one.maskedPhone} />
            </Fact>
            <Fact label="村">{one.regionName}</Fact>
            <Fact label="登记">{one.joinedDay}</Fact>
          </Facts>
        </Section>
        <Section
          title="培训"
          actions={
            may(me, 'member.keep') && (
              <button type="button" className="txt" onClick={() => setAsking('trainings')}>
                修改
              </button>
            )
          }
        >
          {one.trainings.length === 0 && <p className="t3">还没有培训记录</p>}
          <span className="row">
            {one.trainings.map((training) => (
              <Pill key={training} tone="ok">
                {training}
              </Pill>
            ))}
          </span>
        </Section>
        <MemberCertificates memberId={one.id} />
      </div>
      <FormDialog<{ state: string; reason: string }, MemberDetail>
        title="改状态"
        open={asking === 'state'}
        onClose={() => setAsking(null)}
        done={done}
        initial={{ state: one.state }}
        submit={(values) => post<MemberDetail>(`/members/${one.id}/state`, values)}
      >
        <Form.Item name="state" label="状态" rules={REQUIRED}>
          <Choice options={optionsOf(MEMBER_STATE_WORDS)} />
        </Form.Item>
        <Form.Item name="reason" label="为什么" rules={REQUIRED}>
          <Input maxLength={100} />
        </Form.Item>
      </FormDialog>
      <FormDialog<{ trainings: string[] }, MemberDetail>
        title="培训"
        open={asking === 'trainings'}
        onClose={() => setAsking(null)}
        done={done}
        initial={{ trainings: one.trainings }}
        submit={(values) => post<MemberDetail>(`/members/${one.id}/trainings`, values)}
      >
        <Form.Item name="trainings" label="参加过的培训（一行一项）">
          <LinesInput />
        </Form.Item>
      </FormDialog>
    </Page>
  )
}
