import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Segmented } from 'antd'
import { useDeferredValue, useMemo, useState } from 'react'
import { useParams } from 'react-router'
import { differencesOf } from '../../../shared/scheme/difference'
import { PERSON_FIELDS, VISIT_FIELDS } from '../../../shared/scheme/fields'
import type { DraftView, SchemeView } from '../../../shared/scheme/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { DayInput } from '../components/day-input'
import { Field } from '../components/filter-bar'
import { Page, Section } from '../components/page'
import { Failed, Loading, Refused } from '../components/states'
import { Status } from '../components/status'
import { post, put } from '../core/call'
import { useMe } from '../core/session'
import { today } from '../core/today'
import { useAction, useTell } from '../core/use-action'
import { useOne } from '../core/use-list'
import { Differences } from './differences'
import { Parts, type Problems } from './field'
import { FieldsHelp } from './fields-help'
import { labelOfPath, type Schema } from './schema'
import { Sentences } from './sentences'
import { Trial } from './trial'
import { DRAFT_STATE_WORDS } from './words'
import './scheme.css'

type Check = Pick<DraftView, 'problems' | 'sentences'>
type View = 'write' | 'compare' | 'try'
const VIEWS = [
  { value: 'write', label: '写' },
  { value: 'compare', label: '和以前比' },
  { value: 'try', label: '试算' },
]

/** One draft: written by sections, compared with what holds, tried on past visits, handed to a second person. */
export default function DraftPage() {
  const { id = '' } = useParams()
  const draft = useOne<DraftView>(`/scheme-drafts/${id}`)
  const schema = useOne<Schema>('/scheme-schema')
  // A saved draft begins anew, where one was.
  const [view, setView] = useState<View>('write')
  if (draft.isError || schema.isError)
    return (
      <Page title="积分规则草稿" back={{ to: '/schemes', label: '积分规则' }}>
        <div className="card">
          <Failed error={draft.error ?? schema.error} retry={() => draft.refetch()} />
        </div>
      </Page>
    )
  if (!draft.data || !schema.data)
    return (
      <Page title="积分规则草稿" back={{ to: '/schemes', label: '积分规则' }}>
        <div className="card">
          <Loading />
        </div>
      </Page>
    )
  const seen = { view, setView }
  return <Editor key={`${draft.data.id} ${draft.data.changedAt}`} draft={draft.data} schema={schema.data} {...seen} />
}

interface EditorProps {
  draft: DraftView
  schema: Schema
  view: View
  setView: (view: View) => void
}

function Editor({ draft, schema, view, setView }: EditorProps) {
  const me = useMe()
  const cache = useQueryClient()
  const tell = useTell()
  const [document, setDocument] = useState(draft.document)
  const [validFrom, setValidFrom] = useState(draft.validFrom)
  const versions = useOne<{ versions: SchemeView[] }>('/schemes', { regionId: draft.regionId })
  const check = useCheck(draft, document)
  const said = useMemo(
    () => new Map(check.sentences.map(({ section, sentence }) => [section, sentence])),
    [check.sentences],
  )
  const changed = differencesOf(draft.document, document).length > 0 || validFrom !== draft.validFrom
  const mayWrite = may(me, 'scheme.write') && draft.state === 'draft'
  const published = versions.data?.versions ?? []
  const [against, setAgainst] = useState<string>()
  const base =
    published.find(({ id }) => id === against) ??
    published.find((one) => one.inForce && one.regionId === draft.regionId) ??
    published[0]

  const saved = (words: string) => () => {
    tell(words)
    cache.invalidateQueries()
  }
  const save = useAction(() => put<DraftView>(`/scheme-drafts/${draft.id}`, { validFrom, document }), saved('已保存'))
  const step = useAction((word: string) => post<DraftView>(`/scheme-drafts/${draft.id}/${word}`, {}), saved('已办好'))

  return (
    <Page
      title={draft.title}
      note={`${draft.regionName}，${draft.validFrom} 起`}
      back={{ to: '/schemes', label: '积分规则' }}
      actions={
        <>
          <Status tone={draft.state === 'published' ? 'ok' : draft.state === 'submitted' ? 'wait' : 'none'}>
            {DRAFT_STATE_WORDS[draft.state]}
          </Status>
          {mayWrite && (
            <>
              <Button danger disabled={step.busy} onClick={() => step.run('withdrawal')}>
                作废
              </Button>
              <Button disabled={!changed} loading={save.busy} onClick={() => save.run()}>
                保存
              </Button>
              <Button type="primary" disabled={changed} loading={step.busy} onClick={() => step.run('submission')}>
                提交发布
              </Button>
            </>
          )}
          {may(me, 'scheme.write') && draft.state === 'submitted' && (
            <>
              <Button disabled={step.busy} onClick={() => step.run('return')}>
                退回修改
              </Button>
              <Button
                type="primary"
                disabled={draft.whyNotPublish !== null}
                loading={step.busy}
                onClick={() => step.run('publication')}
              >
                发布
              </Button>
            </>
          )}
        </>
      }
    >
      <Refused failure={save.failure ?? step.failure} />
      {draft.state === 'submitted' && (
        <p className="note">
          {draft.submittedByName} 已提交。{draft.whyNotPublishSentence ?? '您核对以后可以发布。'}
        </p>
      )}
      <Segmented
        style={{ justifySelf: 'start', marginBottom: 12 }}
        aria-label="看什么"
        value={view}
        options={VIEWS}
        onChange={(value) => setView(value as View)}
      />
      {view === 'compare' && (
        <div className="stack">
          {published.length > 1 && (
            <div className="filters">
              <Field label="和哪一版比">
                <Choice
                  value={base?.id}
                  options={published.map((one) => ({
                    value: one.id,
                    label: `${one.regionName} 第 ${one.version} 版：${one.title}${one.inForce ? '（现行）' : ''}`,
                  }))}
                  onChange={setAgainst}
                  width={360}
                />
              </Field>
            </div>
          )}
          <Differences schema={schema} base={base} document={document} />
        </div>
      )}
      {view === 'try' && <Trial draft={draft} unsaved={changed} mayRun={may(me, 'scheme.write')} />}
      {view === 'write' && (
        <div className="scheme-editor">
          <div className="stack">
            <Section title="什么时候起">
              <div className="scheme-field">
                <label htmlFor="validFrom" className="strong">
                  从哪天起生效
                </label>
                <div>
                  <DayInput
                    id="validFrom"
                    value={validFrom}
                    min={today()}
                    onChange={(day) => day !== undefined && mayWrite && setValidFrom(day)}
                  />
                  <p className="t3 small">按服务发生那天的规则算，不管哪天记账</p>
                </div>
              </div>
            </Section>
            <Section title="规则" note="没有写的，就是没有这条规定">
              <Parts
                schema={withoutSchemaKey(schema)}
                path=""
                value={document}
                problems={check.byPath}
                said={said}
                disabled={!mayWrite}
                onChange={(next) => setDocument(next as DraftView['document'])}
              />
            </Section>
          </div>
          <aside className="stack scheme-said" aria-label="规则说的是什么" aria-live="polite">
            <Section title="读起来是这样">
              <Sentences sentences={check.sentences} />
            </Section>
            <Section title={check.problems.length === 0 ? '没有问题' : `${check.problems.length} 处要看`}>
              <ul className="stack" style={{ gap: 6 }}>
                {check.problems.map(({ path, sentence, severity }) => (
                  <li key={`${path} ${sentence}`}>
                    <Status tone={severity === 'error' ? 'bad' : 'warn'}>
                      {path === '' ? '整份规则' : labelOfPath(schema, path)}
                    </Status>
                    <p className="small">{sentence}</p>
                  </li>
                ))}
              </ul>
            </Section>
            <FieldsHelp title="“服务谁”可以写的项目" fields={PERSON_FIELDS} />
            <FieldsHelp title="“什么情况下”可以写的项目" fields={VISIT_FIELDS} />
          </aside>
        </div>
      )}
    </Page>
  )
}

/** What the server says of the document as it stands; what it said of the saved one until then. */
function useCheck(draft: DraftView, document: DraftView['document']): Check & { byPath: Problems } {
  const asked = useDeferredValue(document)
  const answer = useQuery({
    queryKey: ['/scheme-checks', draft.regionId, asked],
    queryFn: () => post<Check>('/scheme-checks', { regionId: draft.regionId, document: asked }),
    enabled: asked !== draft.document,
    placeholderData: (previous) => previous,
  })
  const check = asked === draft.document || answer.data === undefined ? draft : answer.data
  const byPath = useMemo(() => {
    const map = new Map<string, { sentence: string; severity: 'error' | 'warning' }[]>()
    for (const { path, ...rest } of check.problems) map.set(path, [...(map.get(path) ?? []), rest])
    return map
  }, [check.problems])
  return { problems: check.problems, sentences: check.sentences, byPath }
}

function withoutSchemaKey(schema: Schema): Schema {
  const { $schema: _, ...properties } = schema.properties ?? {}
  return { ...schema, properties }
}
