import { useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, InputNumber, Radio } from 'antd'
import { useRef, useState } from 'react'
import { SETTINGS, type SettingSpec } from '../../../shared/region/settings'
import type { RegionDetail } from '../../../shared/region/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { DayInput } from '../components/day-input'
import { FormDialog } from '../components/form'
import { Fact, Facts, Page, Section } from '../components/page'
import { RegionPicker } from '../components/region-picker'
import { RegionTree } from '../components/region-tree'
import { Sheet } from '../components/sheet'
import { Failed, Loading } from '../components/states'
import { Status } from '../components/status'
import { post } from '../core/call'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useScope } from '../core/scope'
import { useMe } from '../core/session'
import { today } from '../core/today'
import { useTell } from '../core/use-action'
import { useOne } from '../core/use-list'
import { spanWords } from '../core/words'
import { RegionMap } from './map'

type Kind = { code: string; name: string; level: number }
type Setting = RegionDetail['settings'][number]

/** The tree, and what each place is called and how it is set, from which day on. Nothing is overwritten: a change is a new version. */
export default function RegionsPage() {
  const { regionId, home } = useScope()
  const region = useOne<RegionDetail>(regionId ? `/regions/${regionId}` : null)
  return (
    <Page title="区划设置" note={region.data?.trail.map(({ name }) => name).join(' / ')}>
      <div className="with-tree">
        <div className="card tree-card">
          <RegionTree
            root={{ id: home.regionId, name: home.regionName }}
            current={regionId}
            linkTo={(id) => `/regions?regionId=${id}`}
          />
        </div>
        <div style={{ minWidth: 0 }}>
          {region.isError && <Failed error={region.error} retry={() => region.refetch()} />}
          {region.isPending && <div className="card">{<Loading />}</div>}
          {region.data && <Region key={region.data.id} region={region.data} />}
        </div>
      </div>
    </Page>
  )
}

function Region({ region }: { region: RegionDetail }) {
  const me = useMe()
  const cache = useQueryClient()
  const tell = useTell()
  const kinds = useOne<Kind[]>('/region-kinds')
  const [asking, setAsking] = useState<'add' | 'change' | 'close' | null>(null)
  const [setting, setSetting] = useState<Setting | null>(null)
  const key = useRef(newId())
  const mayPlan = may(me, 'region.keep')
  const level = kinds.data?.find(({ name }) => name === region.kindName)?.level ?? 0
  const kindOptions = (from: number) =>
    (kinds.data ?? []).filter((kind) => kind.level >= from).map(({ code, name }) => ({ value: code, label: name }))
  const done = () => {
    key.current = newId()
    tell('已保存')
    cache.invalidateQueries()
  }

  return (
    <div className="stack">
      <Section
        title={region.fullName}
        actions={
          mayPlan && (
            <>
              <Button onClick={() => setAsking('add')}>加下级</Button>
              <Button onClick={() => setAsking('change')}>改名、改码、改上级</Button>
              <Button danger onClick={() => setAsking('close')}>
                撤销
              </Button>
            </>
          )
        }
      >
        <Facts>
          <Fact label="简称">{region.name}</Fact>
          <Fact label="种类">{region.kindName}</Fact>
          <Fact label="代码">{region.code}</Fact>
          <Fact label="下级">{`${region.childCount} 个`}</Fact>
          <Fact label="有效">{spanWords(region.validFrom, region.validTo)}</Fact>
        </Facts>
      </Section>
      <Section title="设置" note="没有单独设的，用上级的">
        <Sheet label="设置">
          <table className="plain num">
            <thead>
              <tr>
                <th scope="col">项目</th>
                <th scope="col">现在是</th>
                <th scope="col">从哪里来</th>
                <th scope="col">说明</th>
                {may(me, 'region.govern') && <th scope="col">操作</th>}
              </tr>
            </thead>
            <tbody>
              {region.settings.map((one) => (
                <tr key={one.key}>
                  <td className="strong nb">{one.label}</td>
                  <td className="nb">
                    {isYesOrNo(one.key) ? YES_OR_NO.find(({ value }) => value === one.value)?.label : one.value}{' '}
                    {one.unit}
                  </td>
                  <td style={{ minWidth: 190 }}>
                    {one.fromRegionName === region.name ? (
                      <Status tone="ok">这里设的，{one.validFrom} 起</Status>
                    ) : (
                      <span className="t2">
                        {one.fromRegionName ? `${one.fromRegionName}，${one.validFrom} 起` : '系统默认'}
                      </span>
                    )}
                  </td>
                  <td className="t3 small" style={{ minWidth: 200, padding: '8px 10px' }}>
                    {one.help}
                  </td>
                  {may(me, 'region.govern') && (
                    <td>
                      <button
                        type="button"
                        className="txt"
                        aria-label={`修改 ${one.label}`}
                        onClick={() => setSetting(one)}
                      >
                        修改
                      </button>
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </Sheet>
      </Section>
      <RegionMap region={region} />
      <Section title="沿革">
        <ul className="stack" style={{ gap: 6 }}>
          {region.versions.map((version) => (
            <li key={version.validFrom} className="row num">
              <span className="strong">{version.validFrom} 起</span>
              <span>{version.fullName}</span>
              <span className="t2">
                {version.kindName}，代码 {version.code}
                {version.parentName && `，属${version.parentName}`}
              </span>
            </li>
          ))}
        </ul>
      </Section>

      <FormDialog<{ kind: string; code: string; name: string; fullName: string; validFrom: string }, unknown>
        title={`在${region.name}下面加`}
        open={asking === 'add'}
        onClose={() => setAsking(null)}
        done={done}
        initial={{ code: region.code, validFrom: today() }}
        submit={(values) => post('/regions', { id: key.current, parentId: region.id, ...values })}
      >
        <Form.Item name="kind" label="种类" rules={REQUIRED}>
          <Choice options={kindOptions(level + 1)} />
        </Form.Item>
        <Form.Item name="code" label="代码（上级代码开头）" rules={REQUIRED}>
          <Input maxLength={18} />
        </Form.Item>
        <Form.Item name="name" label="简称" rules={REQUIRED}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="fullName" label="全称" rules={REQUIRED}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="validFrom" label="从哪天起" rules={REQUIRED}>
          <DayInput />
        </Form.Item>
      </FormDialog>

      <FormDialog<
        { name: string; fullName: string; code: string; kind: string; parentId?: string; validFrom: string },
        unknown
      >
        title={`改${region.name}`}
        open={asking === 'change'}
        onClose={() => setAsking(null)}
        done={done}
        initial={{
          name: region.name,
          fullName: region.fullName,
          code: region.code,
          kind: region.kind,
          parentId: region.parentId ?? undefined,
          validFrom: today(),
        }}
        submit={({ validFrom, ...values }) =>
          post(`/regions/${region.id}/versions`, { id: key.current, validFrom, ...changed(values, region) })
        }
      >
        <Form.Item name="name" label="简称" rules={REQUIRED}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="fullName" label="全称" rules={REQUIRED}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="code" label="代码" rules={REQUIRED}>
          <Input maxLength={18} />
        </Form.Item>
        <Form.Item name="kind" label="种类" rules={REQUIRED}>
          <Choice options={kindOptions(0)} />
        </Form.Item>
        {region.parentId && (
          <Form.Item name="parentId" label="上级">
            <RegionPicker name={region.trail.at(-2)?.name} />
          </Form.Item>
        )}
        <Form.Item name="validFrom" label="从哪天起" rules={REQUIRED}>
          <DayInput />
        </Form.Item>
      </FormDialog>

      <FormDialog<{ validTo: string }, unknown>
        title={`撤销${region.name}`}
        open={asking === 'close'}
        onClose={() => setAsking(null)}
        okText="撤销"
        danger
        done={done}
        initial={{ validTo: today() }}
        note={<p style={{ marginBottom: 14 }}>有下级或有人员的地方不能撤销。以前的记录还留着原来的地名。</p>}
        submit={(values) => post(`/regions/${region.id}/closing`, values)}
      >
        <Form.Item name="validTo" label="到哪天为止（含这一天）" rules={REQUIRED}>
          <DayInput />
        </Form.Item>
      </FormDialog>

      <FormDialog<{ value: string | number; validFrom: string }, unknown>
        title={`修改：${setting?.label ?? ''}`}
        open={setting !== null}
        onClose={() => setSetting(null)}
        done={done}
        initial={{ value: setting?.value, validFrom: today() }}
        note={
          <p className="t2" style={{ marginBottom: 14 }}>
            {setting?.help}。对{region.name}和下级有效。
          </p>
        }
        submit={(values) => post(`/regions/${region.id}/settings`, { id: key.current, key: setting?.key, ...values })}
      >
        <Form.Item name="value" label={`新的值${setting ? rangeWords(setting) : ''}`} rules={REQUIRED}>
          {setting !== null && isYesOrNo(setting.key) ? (
            <Radio.Group options={YES_OR_NO} />
          ) : setting?.kind === 'number' ? (
            <InputNumber precision={0} style={{ width: 200 }} {...limitsOf(setting.key)} />
          ) : (
            <Input maxLength={500} />
          )}
        </Form.Item>
        <Form.Item name="validFrom" label="从哪天起" rules={REQUIRED}>
          <DayInput />
        </Form.Item>
      </FormDialog>
    </div>
  )
}

/** The least and the most a number may be; empty for a text and for what only a newer server knows. */
function limitsOf(key: string): { min?: number; max?: number } {
  const spec: SettingSpec | undefined = (SETTINGS as Record<string, SettingSpec>)[key]
  return spec?.kind === 'number' ? { min: spec.least, max: spec.most } : {}
}

const YES_OR_NO = [
  { value: 1, label: '是' },
  { value: 0, label: '否' },
]

/** A number that is 0 or 1 is a question. */
function isYesOrNo(key: string): boolean {
  const { min, max } = limitsOf(key)
  return min === 0 && max === 1
}

/** （30 到 5000 米）, or the unit alone. */
function rangeWords({ key, unit }: Setting): string {
  const { min, max } = limitsOf(key)
  if (isYesOrNo(key)) return ''
  if (min !== undefined) return `（${min} 到 ${max} ${unit}）`
  return unit && `（${unit}）`
}

/** Only what differs from now is sent: a version says what changed on its day. */
function changed<T extends Partial<Record<'name' | 'fullName' | 'code' | 'kind' | 'parentId', string>>>(
  values: T,
  region: RegionDetail,
): Partial<T> {
  return Object.fromEntries(
    Object.entries(values).filter(([key, value]) => value !== undefined && value !== region[key as keyof RegionDetail]),
  ) as Partial<T>
}
