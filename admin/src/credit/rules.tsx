import { useQueryClient } from '@tanstack/react-query'
import { Button, Form, InputNumber } from 'antd'
import { useRef, useState } from 'react'
import { addDays } from '../../../shared/core/time'
import type { CreditDocument } from '../../../shared/credit/document'
import type { CreditRules } from '../../../shared/credit/view'
import { COUNT_NAMES, COUNTS, type Count, gradeWords } from '../../../shared/credit/words'
import { DayInput } from '../components/day-input'
import { type FigureColumn, Figures } from '../components/figures'
import { FormDialog } from '../components/form'
import { Fact, Facts, Page, Section } from '../components/page'
import { Unread } from '../components/states'
import { post } from '../core/call'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useScoped } from '../core/scope'
import { today } from '../core/today'
import { useTell } from '../core/use-action'
import { useOne } from '../core/use-list'

/** 评级办法: what counts how much, in words, and every version there was. */
export default function CreditRulesPage() {
  const scoped = useScoped()
  const rules = useOne<CreditRules>('/credit-rules', {})
  const [setting, setSetting] = useState(false)
  const back = { to: scoped('/credit'), label: '信用' }
  if (!rules.data)
    return (
      <Page title="评级办法" back={back}>
        <Unread of={rules} />
      </Page>
    )
  const { regionName, rules: all, mayChange } = rules.data
  const [latest] = all
  return (
    <Page
      title="评级办法"
      note={`${regionName}；改了从以后的日子起算，评过的不变`}
      back={back}
      actions={mayChange && <Button onClick={() => setSetting(true)}>定新办法</Button>}
    >
      <div className="stack">
        {all.map((rule) => (
          <Section
            key={`${rule.version} ${rule.validFrom}`}
            title={rule.version === 0 ? '系统标准' : `第 ${rule.version} 版`}
            note={rule.version === 0 ? '没有自己定过的地方用它，数字都是示例' : `${rule.validFrom} 起，${rule.byName}`}
          >
            <Rule document={rule.document} />
          </Section>
        ))}
      </div>
      {latest !== undefined && <SetDialog open={setting} before={latest.document} onClose={() => setSetting(false)} />}
    </Page>
  )
}

const COUNT_COLUMNS: FigureColumn<CreditDocument['counts'][number]>[] = [
  { title: '算什么', render: ({ what }) => COUNTS[what].words },
  { title: '每次', right: true, render: ({ what, each }) => `${each > 0 ? '+' : ''}${each} 分／${COUNTS[what].unit}` },
  { title: '最多', right: true, render: ({ most }) => `${most} 分` },
]

function Rule({ document }: { document: CreditDocument }) {
  return (
    <>
      <Facts>
        <Fact label="算多久">近 {document.windowMonths} 个月</Fact>
        <Fact label="起始">{document.start} 分</Fact>
        <Fact label="至少">{document.visitsLeast} 次服务才评</Fact>
        <Fact label="等级">
          {document.grades
            .map(
              ({ grade, least, hoursLeast }) =>
                `${gradeWords(grade)} ${least} 分起${hoursLeast === undefined ? '' : `、${hoursLeast} 小时`}`,
            )
            .join('；')}
        </Fact>
      </Facts>
      <Figures label="算什么" columns={COUNT_COLUMNS} rows={document.counts} rowKey={({ what }) => what} />
    </>
  )
}

interface Values {
  validFrom: string
  windowMonths: number
  start: number
  visitsLeast: number
  each: Partial<Record<Count, number>>
  most: Partial<Record<Count, number>>
  least: Record<string, number>
  hoursLeast: Record<string, number | null>
}

function SetDialog({ open, before, onClose }: { open: boolean; before: CreditDocument; onClose: () => void }) {
  const cache = useQueryClient()
  const tell = useTell()
  const key = useRef(newId())
  return (
    <FormDialog<Values, unknown>
      title="定新办法"
      open={open}
      onClose={onClose}
      okText="从那天起用"
      width={640}
      initial={valuesOf(before)}
      submit={(values) =>
        post('/credit-rules', { id: key.current, validFrom: values.validFrom, document: documentOf(values, before) })
      }
      done={() => {
        key.current = newId()
        tell('记下了')
        cache.invalidateQueries({ queryKey: ['/credit-rules'] })
      }}
    >
      <div className="pair">
        <Form.Item name="validFrom" label="从哪天起" rules={REQUIRED}>
          <DayInput min={addDays(today(), 1)} />
        </Form.Item>
        <Form.Item name="windowMonths" label="算近几个月" rules={REQUIRED}>
          <InputNumber min={1} max={60} precision={0} />
        </Form.Item>
      </div>
      <div className="pair">
        <Form.Item name="start" label="起始分" rules={REQUIRED}>
          <InputNumber min={0} max={100} precision={0} />
        </Form.Item>
        <Form.Item name="visitsLeast" label="至少几次服务才评" rules={REQUIRED}>
          <InputNumber min={0} max={1000} precision={0} />
        </Form.Item>
      </div>
      {COUNT_NAMES.map((what) => (
        <div key={what} className="pair">
          <Form.Item name={['each', what]} label={`${COUNTS[what].words}：每${COUNTS[what].unit}几分（空着不算）`}>
            <InputNumber min={-100} max={100} precision={0} />
          </Form.Item>
          <Form.Item name={['most', what]} label={`${COUNTS[what].words}：最多几分`}>
            <InputNumber min={0} max={100} precision={0} />
          </Form.Item>
        </div>
      ))}
      {before.grades.map(({ grade }) => (
        <div key={grade} className="pair">
          <Form.Item name={['least', grade]} label={`${gradeWords(grade)}：几分起`} rules={REQUIRED}>
            <InputNumber min={0} max={100} precision={0} />
          </Form.Item>
          <Form.Item name={['hoursLeast', grade]} label={`${gradeWords(grade)}：至少几小时（可空）`}>
            <InputNumber min={0} max={100_000} precision={0} />
          </Form.Item>
        </div>
      ))}
    </FormDialog>
  )
}

function valuesOf({ windowMonths, start, visitsLeast, counts, grades }: CreditDocument): Values {
  return {
    ...{ validFrom: addDays(today(), 1), windowMonths, start, visitsLeast },
    each: Object.fromEntries(counts.map(({ what, each }) => [what, each])),
    most: Object.fromEntries(counts.map(({ what, most }) => [what, most])),
    least: Object.fromEntries(grades.map(({ grade, least }) => [grade, least])),
    hoursLeast: Object.fromEntries(grades.map(({ grade, hoursLeast }) => [grade, hoursLeast ?? null])),
  }
}

function documentOf(values: Values, before: CreditDocument): CreditDocument {
  const { windowMonths, start, visitsLeast, each, most, least, hoursLeast } = values
  return {
    ...{ windowMonths, start, visitsLeast },
    counts: COUNT_NAMES.flatMap((what) => {
      const points = each[what] ?? 0
      return points === 0 ? [] : [{ what, each: points, most: most[what] ?? 100 }]
    }),
    grades: before.grades.map(({ grade }) => {
      const needed = hoursLeast[grade]
      return {
        grade,
        least: least[grade] ?? 0,
        ...(needed === null || needed === undefined ? {} : { hoursLeast: needed }),
      }
    }),
  }
}
