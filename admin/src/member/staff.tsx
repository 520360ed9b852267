import { useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input } from 'antd'
import { useRef, useState } from 'react'
import { Link } from 'react-router'
import type { StaffView } from '../../../shared/member/view'
import type { PointView } from '../../../shared/redemption/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { DayInput } from '../components/day-input'
import { ExportButton } from '../components/export-button'
import { Field, FilterBar } from '../components/filter-bar'
import { FormDialog } from '../components/form'
import { Icon } from '../components/icon'
import { Page } from '../components/page'
import { RegionPicker } from '../components/region-picker'
import { Empty } from '../components/states'
import { Status } from '../components/status'
import { post } from '../core/call'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useScope } from '../core/scope'
import { useMe } from '../core/session'
import { today } from '../core/today'
import { useTell } from '../core/use-action'
import { useFilters } from '../core/use-filters'
import { useList, useOne } from '../core/use-list'
import { optionsOf, ROLE_WORDS, spanWords } from '../core/words'
import { PersonFields, type PersonValues, personFrom } from '../person/person-fields'

const FILTERS = ['role'] as const

const ACCOUNT_ACTS = {
  off: { words: '停用账号：几秒内到处退出，岗位还在', path: 'access', more: { access: 'off' } },
  on: { words: '恢复账号：可以重新登录', path: 'access', more: { access: 'on' } },
  reset: { words: '清掉密码和验证器：用手机登录后重新设', path: 'login-reset', more: {} },
  out: { words: '退出全部登录：手机或电脑丢了', path: 'sign-out', more: {} },
} as const

interface Values extends PersonValues {
  role: string
  regionId: string
  redemptionPointId?: string
  validFrom: string
}

/** Who holds which post where, from when to when. A post is ended, never deleted: what was decided keeps its author. */
export default function StaffPage() {
  const me = useMe()
  const cache = useQueryClient()
  const tell = useTell()
  const { state, applied, draft, change, submit, reset } = useFilters(FILTERS)
  const { regionId, home } = useScope()
  const list = useList<StaffView>('/staff', { ...applied, regionId, cursor: state.cursor, limit: 50 })
  const [adding, setAdding] = useState(false)
  const [ending, setEnding] = useState<StaffView | null>(null)
  const [turning, setTurning] = useState<StaffView | null>(null)
  const key = useRef(newId())
  const mayGovern = may(me, 'staff.appoint')
  const mayTurn = may(me, 'staff.access')
  const done = () => {
    key.current = newId()
    tell('已保存')
    cache.invalidateQueries({ queryKey: ['/staff'] })
  }

  const columns: Column<StaffView>[] = [
    { key: 'name', title: '姓名', fixed: true, render: (one) => <span className="strong">{one.maskedName}</span> },
    { key: 'role', title: '岗位', render: (one) => one.roleWord },
    { key: 'place', title: '管哪里', render: (one) => one.regionName },
    { key: 'point', title: '兑换点', render: (one) => one.redemptionPointName ?? '—' },
    { key: 'phone', title: '电话', render: (one) => one.maskedPhone ?? '—' },
    { key: 'span', title: '任期', render: (one) => spanWords(one.validFrom, one.validTo) },
    {
      key: 'state',
      title: '状态',
      render: (one) =>
        one.validTo !== null && one.validTo < today() ? (
          <Status tone="none">已结束</Status>
        ) : one.disabled ? (
          <Status tone="bad">账号停用</Status>
        ) : (
          <Status tone="ok">在岗</Status>
        ),
    },
    ...(mayGovern || mayTurn
      ? [
          {
            key: 'acts',
            title: '操作',
            fixed: true,
            render: (one: StaffView) => (
              <span className="row">
                {mayGovern && one.validTo === null && (
                  <>
                    <Link to={`/delegations?staffId=${one.id}`} className="txt" aria-label={`代班：${one.maskedName}`}>
                      代班
                    </Link>
                    <button
                      type="button"
                      className="txt danger"
                      aria-label={`结束 ${one.maskedName} 的岗位`}
                      onClick={() => setEnding(one)}
                    >
                      结束
                    </button>
                  </>
                )}
                {mayTurn && one.personId !== me.personId && (
                  <button
                    type="button"
                    className="txt"
                    aria-label={`账号：${one.maskedName}`}
                    onClick={() => setTurning(one)}
                  >
                    {one.disabled ? '恢复账号' : '账号'}
                  </button>
                )}
              </span>
            ),
          },
        ]
      : []),
  ]

  return (
    <Page
      title="人员岗位"
      note="岗位只在自己的区划和下级有效"
      actions={
        mayGovern && (
          <Button type="primary" icon={<Icon name="plus" size={18} />} onClick={() => setAdding(true)}>
            加岗位
          </Button>
        )
      }
    >
      <FilterBar onSubmit={submit} onReset={reset}>
        <Field label="岗位">
          <Choice
            label="岗位"
            all="全部岗位"
            width={180}
            value={draft.role}
            onChange={(value) => change('role', value)}
            options={optionsOf(ROLE_WORDS)}
          />
        </Field>
      </FilterBar>
      <DataTable
        name="staff"
        label="人员岗位"
        exits={<ExportButton path="/exports/staff" query={{ ...applied, regionId }} name="人员岗位" />}
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={<Empty icon="family" title="这里还没有人员" next="换一个区划或岗位再看；新来的人用右上角的“加岗位”。" />}
      />
      <FormDialog<Values, unknown>
        title="加岗位"
        open={adding}
        width={640}
        onClose={() => setAdding(false)}
        done={done}
        initial={{ identityKind: 'none', role: 'villageStaff', regionId: home.regionId, validFrom: today() }}
        submit={({ role, regionId: place, redemptionPointId, validFrom, ...person }) =>
          post('/staff', {
            id: key.current,
            role,
            regionId: place,
            redemptionPointId: role === 'redemptionPoint' ? redemptionPointId : undefined,
            validFrom,
            person: personFrom(person),
          })
        }
      >
        <PersonFields />
        <RoleFields />
        <Form.Item name="regionId" label="管哪里" rules={REQUIRED}>
          <RegionPicker name={home.regionName} />
        </Form.Item>
        <Form.Item name="validFrom" label="从哪天起" rules={REQUIRED}>
          <DayInput />
        </Form.Item>
      </FormDialog>
      <FormDialog<{ act: keyof typeof ACCOUNT_ACTS; reason: string }, unknown>
        title={`账号：${turning?.maskedName ?? ''} ${turning?.roleWord ?? ''}`}
        open={turning !== null}
        onClose={() => setTurning(null)}
        okText="确定"
        danger={turning?.disabled === false}
        done={done}
        initial={{ act: turning?.disabled ? 'on' : 'off' }}
        submit={({ act, reason }) => {
          const { path, more } = ACCOUNT_ACTS[act]
          return post(`/staff/${turning?.id ?? ''}/${path}`, { ...more, reason })
        }}
      >
        <Form.Item name="act" label="做什么" rules={REQUIRED}>
          <Choice
            options={Object.entries(ACCOUNT_ACTS)
              .filter(([act]) => (act === 'on') === (turning?.disabled === true))
              .map(([value, { words }]) => ({ value, label: words }))}
          />
        </Form.Item>
        <Form.Item name="reason" label="为什么" rules={REQUIRED}>
          <Input maxLength={60} />
        </Form.Item>
      </FormDialog>
      <FormDialog<{ validTo: string }, unknown>
        title={`结束岗位：${ending?.maskedName ?? ''} ${ending?.roleWord ?? ''}`}
        open={ending !== null}
        onClose={() => setEnding(null)}
        okText="结束岗位"
        danger
        done={done}
        initial={{ validTo: today() }}
        submit={(values) => post(`/staff/${ending?.id ?? ''}/ending`, values)}
      >
        <Form.Item name="validTo" label="到哪天为止（含这一天）" rules={REQUIRED}>
          <DayInput />
        </Form.Item>
      </FormDialog>
    </Page>
  )
}

function RoleFields() {
  const role = Form.useWatch('role', Form.useFormInstance<Values>())
  const points = useOne<PointView[]>(role === 'redemptionPoint' ? '/redemption-points' : null)
  return (
    <>
      <Form.Item name="role" label="岗位" rules={REQUIRED}>
        <Choice options={optionsOf(ROLE_WORDS)} />
      </Form.Item>
      {role === 'redemptionPoint' && (
        <Form.Item name="redemptionPointId" label="哪个兑换点" rules={REQUIRED}>
          <Choice options={points.data?.map(({ id, name }) => ({ value: id, label: name }))} />
        </Form.Item>
      )}
    </>
  )
}
