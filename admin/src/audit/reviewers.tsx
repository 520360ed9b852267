import { useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { Link } from 'react-router'
import type { Reviewers } from '../../../shared/audit/view'
import { DUTY_WORDS } from '../../../shared/session/duties'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { Page, Section } from '../components/page'
import { Empty, Refused, Unread } from '../components/states'
import { Pill } from '../components/status'
import { post } from '../core/call'
import { count } from '../core/format'
import { newId } from '../core/new-id'
import { useScope, useScoped } from '../core/scope'
import { useAction, useTell } from '../core/use-action'
import { useOne } from '../core/use-list'

type Staff = Reviewers['staff'][number]

/** 四专员: who takes which step, and what waits for each. */
export default function ReviewersPage() {
  const { regionId } = useScope()
  const scoped = useScoped()
  const cache = useQueryClient()
  const tell = useTell()
  const reviewers = useOne<Reviewers>('/reviewers', { regionId })
  const key = useRef(newId())
  const { run, busy, failure } = useAction(
    (staffId: string, duty: string) => post('/reviewers', { id: key.current, staffId, duty }),
    () => {
      key.current = newId()
      tell('派好了')
      cache.invalidateQueries({ queryKey: ['/reviewers'] })
    },
  )
  if (!reviewers.data)
    return (
      <Page title="四专员">
        <Unread of={reviewers} />
      </Page>
    )
  const { apart, duties, staff } = reviewers.data
  const columns: Column<Staff>[] = [
    { key: 'name', title: '姓名', fixed: true, render: (one) => <span className="strong nb">{one.name}</span> },
    { key: 'role', title: '岗位', render: (one) => one.roleWords },
    { key: 'region', title: '地方', render: (one) => one.regionName },
    {
      key: 'duty',
      title: '专员',
      fixed: true,
      render: (one) =>
        one.mayAppoint && one.may.length > 0 ? (
          <Choice
            label={`${one.name}（${one.roleWords}）当哪种专员`}
            all="不当专员"
            width={150}
            value={one.duty === '' ? undefined : one.duty}
            options={one.may.map((duty) => ({ value: duty, label: DUTY_WORDS[duty].words }))}
            onChange={(duty) => !busy && run(one.id, duty ?? '')}
          />
        ) : one.duty === '' ? (
          '—'
        ) : (
          DUTY_WORDS[one.duty].words
        ),
    },
  ]
  return (
    <Page
      title="四专员"
      note={
        apart
          ? '这里四专员分开办：没派到的人不能办那一步，同一次服务一个人只办一步'
          : '这里还没有分开办；在区划设置里把“四专员分开办理”改成“是”就分开'
      }
    >
      <div className="stack">
        <div className="quads">
          {duties.map(({ duty, words, does, isMine, queues }) => (
            <Section key={duty} title={words} note={does} actions={isMine && <Pill tone="ok">我</Pill>}>
              <ul className="plain">
                {queues.map((queue) => (
                  <li key={queue.words}>
                    <Link className="txt" to={scoped(queue.to)}>
                      {queue.words} <span className="num">{count(queue.count)}</span>
                    </Link>
                  </li>
                ))}
              </ul>
              <p className="t3 small">
                {staff
                  .filter((one) => one.duty === duty)
                  .map(({ name }) => name)
                  .join('、') || '还没有派人'}
              </p>
            </Section>
          ))}
        </div>
        <Refused failure={failure} />
        <DataTable
          name="reviewers"
          label="谁是专员"
          columns={columns}
          list={reviewers}
          rows={staff}
          rowKey={({ id }) => id}
          empty={<Empty icon="family" title="这里还没有工作人员" next="先在“人员岗位”里加上人。" />}
        />
      </div>
    </Page>
  )
}
