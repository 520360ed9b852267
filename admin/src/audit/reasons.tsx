import { useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, Form, Input } from 'antd'
import { useRef, useState } from 'react'
import { type Dictionary, FIXED_CODES } from '../../../shared/audit/reasons'
import type { CalendarView } from '../../../shared/audit/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { DayInput } from '../components/day-input'
import { FormDialog } from '../components/form'
import { Icon } from '../components/icon'
import { Page, Section } from '../components/page'
import { Empty, Refused } from '../components/states'
import { Status } from '../components/status'
import { post } from '../core/call'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useMe } from '../core/session'
import { today } from '../core/today'
import { useAction, useTell } from '../core/use-action'
import { useOne } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'
import { optionsOf, wordOf } from '../core/words'

const USES = { approve: '通过', return: '退回', exception: '说明异常' }
const KINDS = { reason: '理由', resolution: '异常的处理办法' }
const DAY_KINDS = { off: '放假', work: '上班', plain: '和平常一样' }

interface Word {
  code: string
  kind: 'reason' | 'resolution'
  words: string
  uses: string
  needsNote: boolean
  active: boolean
}
interface NewWord {
  kind: string
  words: string
  uses?: string[]
  needsNote?: boolean
}

/** The words the desk decides with, and which days are worked: both are the county's to keep. */
export default function ReasonsPage() {
  return (
    <Page title="理由码与节假日" note="停用的理由不再出现，已经用过的照样显示">
      <div className="stack">
        <Words />
        <Holidays />
      </div>
    </Page>
  )
}

function Words() {
  const mayGovern = may(useMe(), 'dictionary.keep')
  const cache = useQueryClient()
  const tell = useTell()
  const list = useOne<Dictionary>('/audit/dictionary', {})
  const [adding, setAdding] = useState(false)
  const key = useRef(newId())
  const changed = () => {
    key.current = newId()
    tell('已保存')
    cache.invalidateQueries({ queryKey: ['/audit/dictionary'] })
  }
  const { run, busy, failure } = useAction(
    ({ code, active }: Word) => post('/audit/reason-states', { id: newId(), code, active: !active }),
    changed,
  )
  const rows: Word[] | undefined = list.data && [
    ...list.data.reasons.map((one) => ({
      ...one,
      kind: 'reason' as const,
      uses: one.uses.map((use) => wordOf(USES, use)).join('、'),
    })),
    ...list.data.resolutions.map((one) => ({ ...one, kind: 'resolution' as const, uses: '', needsNote: false })),
  ]
  const columns: Column<Word>[] = [
    { key: 'words', title: '写法', fixed: true, render: (one) => <span className="strong">{one.words}</span> },
    { key: 'kind', title: '种类', render: (one) => wordOf(KINDS, one.kind) },
    { key: 'uses', title: '用在', render: (one) => one.uses || '—' },
    { key: 'note', title: '要写说明', render: (one) => (one.needsNote ? '要' : '不用') },
    {
      key: 'state',
      title: '状态',
      render: (one) => <Status tone={one.active ? 'ok' : 'none'}>{one.active ? '在用' : '停用'}</Status>,
    },
    ...(mayGovern
      ? [
          {
            key: 'acts',
            title: '操作',
            fixed: true,
            render: (one: Word) =>
              !FIXED_CODES.includes(one.code) && (
                <button
                  type="button"
                  className="txt"
                  disabled={busy}
                  onClick={() => run(one)}
                  aria-label={`${one.active ? '停用' : '启用'} ${one.words}`}
                >
                  {one.active ? '停用' : '启用'}
                </button>
              ),
          },
        ]
      : []),
  ]
  return (
    <section aria-label="理由码">
      <Refused failure={failure} />
      <DataTable
        name="reasons"
        label="理由码"
        columns={columns}
        list={list}
        rows={rows}
        rowKey={({ code }) => code}
        empty={<Empty icon="book" title="还没有理由码" next="用“加理由”加本地自己的说法。" />}
        tools={
          mayGovern && (
            <Button icon={<Icon name="plus" size={18} />} onClick={() => setAdding(true)}>
              加理由
            </Button>
          )
        }
      />
      <FormDialog<NewWord, unknown>
        title="加理由"
        open={adding}
        onClose={() => setAdding(false)}
        done={changed}
        initial={{ kind: 'reason', uses: ['approve'] }}
        submit={({ kind, words, uses = [], needsNote = false }) =>
          post('/audit/reasons', { id: key.current, kind, words, uses: kind === 'reason' ? uses : [], needsNote })
        }
      >
        <Form.Item name="kind" label="种类" rules={REQUIRED}>
          <Choice options={optionsOf(KINDS)} />
        </Form.Item>
        <Form.Item name="words" label="写法（以后不能改）" rules={REQUIRED}>
          <Input maxLength={30} />
        </Form.Item>
        <Form.Item name="uses" label="理由用在哪里">
          <Checkbox.Group options={optionsOf(USES)} />
        </Form.Item>
        <Form.Item name="needsNote" valuePropName="checked">
          <Checkbox>选它的时候要写说明</Checkbox>
        </Form.Item>
      </FormDialog>
    </section>
  )
}

function Holidays() {
  const mayGovern = may(useMe(), 'dictionary.keep')
  const cache = useQueryClient()
  const tell = useTell()
  const [state, set] = useUrlState()
  const year = state.year ?? today().slice(0, 4)
  const calendar = useOne<CalendarView>('/audit/calendar', { year })
  const [adding, setAdding] = useState(false)
  const key = useRef(newId())
  const years = [-1, 0, 1].map((step) => String(Number(today().slice(0, 4)) + step))
  return (
    <Section
      title="节假日和调休"
      note="审核期限、67 号令的 10 个工作日都照它算；2025、2026 年照国务院办公厅的通知"
      actions={
        <>
          <Choice
            label="年份"
            value={year}
            options={years.map((value) => ({ value, label: `${value} 年` }))}
            onChange={(value) => set({ year: value })}
          />
          {mayGovern && (
            <button type="button" className="txt" onClick={() => setAdding(true)}>
              登记一天
            </button>
          )}
        </>
      }
    >
      {calendar.data?.notice && <p className="note warn">{calendar.data.notice}，期限先不推算。</p>}
      <ul className="row num" style={{ flexWrap: 'wrap', gap: '6px 18px' }}>
        {calendar.data?.days.map(({ day, kind, name }) => (
          <li key={day}>
            {day} <Status tone={kind === 'off' ? 'ok' : 'warn'}>{wordOf(DAY_KINDS, kind)}</Status>{' '}
            <span className="t3">{name}</span>
          </li>
        ))}
      </ul>
      <FormDialog<{ day: string; kind: string; name?: string }, unknown>
        title="登记一天"
        open={adding}
        onClose={() => setAdding(false)}
        done={() => {
          key.current = newId()
          tell('已保存')
          cache.invalidateQueries()
        }}
        initial={{ kind: 'off' }}
        submit={({ name, ...values }) => post('/audit/holidays', { id: key.current, ...values, name: name ?? '' })}
      >
        <Form.Item name="day" label="哪天" rules={REQUIRED}>
          <DayInput />
        </Form.Item>
        <Form.Item name="kind" label="这一天" rules={REQUIRED}>
          <Choice options={optionsOf(DAY_KINDS)} />
        </Form.Item>
        <Form.Item name="name" label="叫什么（可不填）">
          <Input maxLength={20} />
        </Form.Item>
      </FormDialog>
    </Section>
  )
}
