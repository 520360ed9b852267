import { useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, Radio } from 'antd'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { may } from '../../../shared/session/permissions'
import type { AppealView } from '../../../shared/visit/view'
import { servedWords } from '../../../shared/visit/words'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { FormDialog } from '../components/form'
import { Icon } from '../components/icon'
import { KeyHints } from '../components/key'
import { Page } from '../components/page'
import { Empty, NoPermission } from '../components/states'
import { Status } from '../components/status'
import { post } from '../core/call'
import { dayClock } from '../core/format'
import { isTyping } from '../core/keys'
import { newId } from '../core/new-id'
import { useScope } from '../core/scope'
import { useMe } from '../core/session'
import { useTell } from '../core/use-action'
import { useList } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'
import { reasonsFor, resolutionsOf, useDictionary } from './decide'
import { DeskFrame, useRoomy, VisitEvidence } from './desk-frame'
import { QueueTabs } from './queue-tabs'
import { usePlace } from './use-place'

const STATES = [
  { value: 'waiting', label: '等处理' },
  { value: 'upheld', label: '成立' },
  { value: 'rejected', label: '不成立' },
] as const
const TONES = { waiting: 'wait', upheld: 'ok', rejected: 'none' } as const

/** 申诉: what helpers don't agree with, with what speaks for and against it beside; decided by another auditor than who returned it. */
export default function AppealsPage() {
  const me = useMe()
  const { regionId } = useScope()
  const [state, set] = useUrlState()
  const shown = STATES.find(({ value }) => value === state.state)?.value ?? 'waiting'
  const list = useList<AppealView>('/appeals', { regionId, state: shown, cursor: state.cursor, limit: 50 })
  const rows = useMemo(() => list.data?.items ?? [], [list.data])
  const write = useCallback((id: string | null) => set({ open: id }, { replace: true, keepPage: true }), [set])
  const { id: openId, here, open } = usePlace(state.open, write, shown)
  const roomy = useRoomy()
  const current = rows.find(({ id }) => id === openId) ?? (roomy ? rows[0] : undefined)
  here.current = current?.id
  const [deciding, setDeciding] = useState<{ appeal: AppealView; outcome: Outcome | null } | null>(null)

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event) || deciding !== null) return
      const now = rows.findIndex(({ id }) => id === here.current)
      const key = event.key.toLowerCase()
      const neighbour = key === 'j' ? rows[now + 1] : key === 'k' ? rows[now - 1] : undefined
      const row = rows[now]
      if (neighbour) open(neighbour.id)
      else if ((key === 'a' || key === 'r') && row?.whyNot === null) {
        event.preventDefault()
        setDeciding({ appeal: row, outcome: key === 'a' ? 'upheld' : 'rejected' })
      }
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [rows, here, open, deciding])

  if (!may(me, 'audit.sit'))
    return (
      <Page title="申诉">
        <NoPermission />
      </Page>
    )
  const columns: Column<AppealView>[] = [
    {
      key: 'at',
      title: '申诉时间',
      fixed: true,
      render: (one) => (
        <button
          type="button"
          className="txt nb"
          aria-current={one.id === current?.id ? 'true' : undefined}
          aria-label={`看 ${one.byName} ${dayClock(one.at)} 的申诉`}
          onClick={() => open(one.id)}
        >
          {one.id === current?.id && <Icon name="chevron" size={16} />}
          {dayClock(one.at)}
        </button>
      ),
    },
    { key: 'by', title: '志愿者', fixed: true, render: ({ byName }) => <span className="strong nb">{byName}</span> },
    { key: 'elder', title: '老人', render: ({ visit }) => servedWords(visit) },
    { key: 'returned', title: '为什么退回', render: ({ returnedWords }) => returnedWords ?? '—' },
    {
      key: 'reason',
      title: '志愿者说',
      render: ({ reasonWords, note }) => [reasonWords, note].filter(Boolean).join('，'),
    },
    {
      key: 'due',
      title: '期限',
      render: ({ dueSentence, late }) =>
        dueSentence === '' ? '—' : <span className={late ? 'status bad' : 't2'}>{dueSentence}</span>,
    },
    {
      key: 'state',
      title: '结果',
      fixed: true,
      render: (one) =>
        one.state === 'waiting' ? (
          one.whyNot === null ? (
            <Button
              onClick={() => setDeciding({ appeal: one, outcome: null })}
              aria-label={`处理 ${one.byName} 的申诉`}
            >
              处理
            </Button>
          ) : (
            <span className="t3">{one.whyNotSentence}</span>
          )
        ) : (
          <Status tone={TONES[one.state]}>
            {STATES.find(({ value }) => value === one.state)?.label}，{one.decisionNote}（{one.decidedByName}）
          </Status>
        ),
    },
  ]
  return (
    <>
      <DeskFrame
        onClose={() => open(null)}
        evidence={
          current && (
            <div className="panel-body">
              <Evidence key={current.id} appeal={current} />
            </div>
          )
        }
      >
        <Page title="申诉" note="由另一位审核员处理，退回的人不能自己看" actions={<KeyHints keys={APPEAL_KEYS} />}>
          <QueueTabs here="appeals" />
          <DataTable
            name="appeals"
            label="申诉"
            columns={columns}
            list={list}
            rowKey={({ id }) => id}
            empty={
              <Empty icon="check-circle" title="没有这样的申诉" next="志愿者不同意退回，申诉以后会自动出现在这里。" />
            }
            tools={
              <Choice
                label="看哪些"
                value={shown}
                onChange={(next) => set({ state: next, cursor: undefined, open: undefined })}
                options={STATES.map(({ value, label }) => ({ value, label }))}
              />
            }
          />
        </Page>
      </DeskFrame>
      {deciding && (
        <DecideDialog
          appeal={deciding.appeal}
          chosen={deciding.outcome}
          evidence={!roomy}
          onClose={() => setDeciding(null)}
        />
      )}
    </>
  )
}

/** What was said on both sides, and below it the visit with all that was recorded of it. */
function Evidence({ appeal }: { appeal: AppealView }) {
  return (
    <VisitEvidence visitId={appeal.visitId}>
      <Sides appeal={appeal} />
    </VisitEvidence>
  )
}

function Sides({ appeal }: { appeal: AppealView }) {
  return (
    <div className="note stack" style={{ gap: 4 }}>
      <p>
        退回：{appeal.returnedWords ?? '—'}
        {appeal.returnedNote && `，${appeal.returnedNote}`}
        {appeal.returnedByName && `（${appeal.returnedByName}）`}
      </p>
      <p>
        志愿者说：{appeal.reasonWords}
        {appeal.note && `，${appeal.note}`}
      </p>
    </div>
  )
}

const APPEAL_KEYS = [
  ['J K', '上下'],
  ['A', '成立'],
  ['R', '不成立'],
] as const

type Outcome = 'upheld' | 'rejected'

interface Decided {
  outcome: Outcome
  note: string
  reasons?: Record<string, { reasonCode: string; resolutionCode: string }>
}

interface DecideDialogProps {
  appeal: AppealView
  /** what the key that opened it said */
  chosen: Outcome | null
  /** where there is no room beside the list, what speaks for it stands in the dialog */
  evidence: boolean
  onClose: () => void
}

function DecideDialog({ appeal, chosen, evidence, onClose }: DecideDialogProps) {
  const cache = useQueryClient()
  const tell = useTell()
  const key = useRef(newId())
  const dictionary = useDictionary()
  const [outcome, setOutcome] = useState<string | null>(chosen)
  const open = appeal.visit.exceptions.filter(({ resolved, severity }) => !resolved && severity !== 'info')
  return (
    <FormDialog<Decided, unknown>
      title={`${appeal.byName}的申诉`}
      open
      onClose={onClose}
      okText="就这样定"
      width={560}
      initial={chosen === null ? {} : { outcome: chosen }}
      submit={({ outcome, note, reasons }) =>
        post(`/appeals/${appeal.id}/decision`, {
          id: key.current,
          outcome,
          note,
          ...(outcome === 'upheld' && reasons
            ? { resolutions: Object.entries(reasons).map(([code, given]) => ({ code, ...given })) }
            : {}),
        })
      }
      done={() => {
        key.current = newId()
        tell('申诉处理好了')
        cache.invalidateQueries()
      }}
      note={
        <div style={{ marginBottom: 14 }}>{evidence ? <Evidence appeal={appeal} /> : <Sides appeal={appeal} />}</div>
      }
    >
      <Form.Item name="outcome" label="怎么定" rules={[{ required: true, message: '请选一个' }]}>
        <Radio.Group
          onChange={({ target }) => setOutcome(target.value as string)}
          options={[
            { value: 'upheld', label: '成立，通过这次服务' },
            { value: 'rejected', label: '不成立，维持退回' },
          ]}
        />
      </Form.Item>
      {outcome === 'upheld' &&
        open.map(({ code, sentence }) => (
          <div key={code} className="pair">
            <Form.Item
              name={['reasons', code, 'reasonCode']}
              label={`${code} ${sentence}`}
              rules={[{ required: true, message: '请选理由' }]}
            >
              <Choice
                options={reasonsFor(dictionary, 'approve', true).map(({ code: value, words: label }) => ({
                  value,
                  label,
                }))}
              />
            </Form.Item>
            <Form.Item
              name={['reasons', code, 'resolutionCode']}
              label="怎么核实的"
              rules={[{ required: true, message: '请选一个' }]}
            >
              <Choice options={resolutionsOf(dictionary)} />
            </Form.Item>
          </div>
        ))}
      <Form.Item name="note" label="写给志愿者" rules={[{ required: true, message: '请写明理由' }]}>
        <Input.TextArea rows={2} maxLength={200} />
      </Form.Item>
    </FormDialog>
  )
}
