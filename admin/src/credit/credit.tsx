import { useQueryClient } from '@tanstack/react-query'
import { Button, Segmented } from 'antd'
import { useRef } from 'react'
import { Link } from 'react-router'
import type { CreditRow } from '../../../shared/credit/view'
import { GRADES, gradeWords } from '../../../shared/credit/words'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { ExportButton } from '../components/export-button'
import { LinkButton } from '../components/link-button'
import { Page } from '../components/page'
import { Empty, Refused } from '../components/states'
import { post } from '../core/call'
import { newId } from '../core/new-id'
import { useScope, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { today } from '../core/today'
import { useAction, useTell } from '../core/use-action'
import { useList } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'
import { Grade, Listed, scoreText, smileText } from './words'

const KINDS = [
  { value: 'helper', label: '志愿者' },
  { value: 'organisation', label: '队伍和组织' },
]

/** 信用: which grade holds today, of helpers, teams and organisations. */
export default function CreditPage() {
  const me = useMe()
  const tell = useTell()
  const cache = useQueryClient()
  const scoped = useScoped()
  const { regionId } = useScope()
  const [url, set] = useUrlState()
  const kind = url.kind === 'organisation' ? 'organisation' : 'helper'
  const filter = { regionId, kind, grade: url.grade }
  const list = useList<CreditRow>('/credit', { ...filter, cursor: url.cursor, limit: 50 })
  const key = useRef(newId())
  const again = useAction(
    () => post<{ graded: number; changed: number }>('/credit-grades', { id: key.current }),
    ({ graded, changed }) => {
      key.current = newId()
      tell(`评了 ${graded} 个，${changed} 个有变化，明天起算`)
      cache.invalidateQueries()
    },
  )
  const folder = kind === 'helper' ? 'helpers' : 'organisations'
  const columns: Column<CreditRow>[] = [
    {
      key: 'name',
      title: kind === 'helper' ? '志愿者' : '名称',
      fixed: true,
      render: (one) => (
        <Link className="txt" to={scoped(`/credit/${folder}/${one.id}`)}>
          {one.name}
        </Link>
      ),
    },
    { key: 'region', title: '村', render: (one) => one.regionName },
    {
      key: 'grade',
      title: '等级',
      fixed: true,
      render: (one) => <Grade grade={one.grade} words={one.gradeWords} />,
    },
    { key: 'score', title: '分数', align: 'right', render: (one) => scoreText(one.milliScore) },
    { key: 'day', title: '从哪天起', render: (one) => one.day ?? '—' },
    { key: 'listed', title: '名单', render: (one) => <Listed listed={one.listed} /> },
    ...(kind === 'helper'
      ? [
          {
            key: 'smiles',
            title: '老人怎么说',
            render: (one: CreditRow) => (one.smiles === null ? '—' : smileText(one.smiles)),
          },
        ]
      : []),
  ]
  return (
    <Page
      title="信用"
      note="每晚按评级办法算一次，第二天起算；点开看怎么来的"
      actions={
        <>
          <LinkButton to={scoped('/credit/lists')}>红黑名单</LinkButton>
          <LinkButton to={scoped('/credit/rules')}>评级办法</LinkButton>
          {may(me, 'credit.rule') && (
            <Button loading={again.busy} onClick={() => again.run()}>
              现在重新评级
            </Button>
          )}
        </>
      }
    >
      <Refused failure={again.failure} />
      <DataTable
        name={`credit-${kind}`}
        label="信用"
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        exits={<ExportButton path="/exports/credit" query={filter} name={`信用-${today()}`} />}
        empty={<Empty icon="book" title="这里没有这样的等级" next="换一个等级，或者看全部。" />}
        tools={
          <>
            <Segmented
              aria-label="看谁的"
              value={kind}
              options={KINDS}
              onChange={(value) => set({ kind: value === 'helper' ? null : value, cursor: undefined })}
            />
            <Choice
              label="等级"
              all="全部等级"
              value={url.grade}
              options={[
                ...GRADES.map((grade) => ({ value: grade, label: gradeWords(grade) })),
                { value: 'none', label: '没有评级' },
              ]}
              onChange={(grade) => set({ grade, cursor: undefined })}
            />
          </>
        }
      />
    </Page>
  )
}
