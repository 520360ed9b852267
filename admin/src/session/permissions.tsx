import {
  DUTIES,
  type Level,
  PERMISSIONS,
  type Permission,
  PROVED_ANEW,
  type Reach,
  type Row,
  type Sight,
} from '../../../shared/session/permissions'
import type { Role } from '../../../shared/session/view'
import { type Column, DataTable } from '../components/data-table'
import { Page } from '../components/page'
import { PrintButton, PrintFooter, PrintHeader } from '../components/print'
import { Empty } from '../components/states'
import { useMe } from '../core/session'
import { ROLE_WORDS } from '../core/words'

type Line = Row & { key: string }
const LEVEL_WORDS: Record<Level, string> = {
  village: '村（社区）',
  town: '镇街',
  county: '区县',
  city: '市',
  point: '兑换点',
  apart: '独立',
}
const SIGHT_WORDS: Record<Sight, string> = {
  none: '看不到个人信息',
  C1: '打码姓名和村',
  C2: '加电话、住址、健康情况',
  C3: '加证件号码（写用途）',
}
const REACH_WORDS: Record<Reach, string> = { subtree: '本区划和下级', point: '自己的兑换点', whole: '不分区划' }
const ROLES = Object.keys(DUTIES) as Role[]
const LINES: readonly Line[] = Object.entries(PERMISSIONS).map(([key, row]) => ({ key, ...row }))

/** 权限表: the table the server decides by, as it stands, to read and to print. */
export default function PermissionsPage() {
  const me = useMe()
  const columns: Column<Line>[] = [
    { key: 'what', title: '做什么', fixed: true, render: (one) => <span className="strong">{one.what}</span> },
    { key: 'reach', title: '管到哪里', render: (one) => REACH_WORDS[one.reach] },
    ...ROLES.map((role) => ({
      key: role,
      title: ROLE_WORDS[role],
      align: 'center' as const,
      render: (one: Line) => (one.roles.includes(role) ? <b>可以</b> : '–'),
    })),
    {
      key: 'anew',
      title: '先再验证',
      render: (one) => (PROVED_ANEW.includes(one.key as Permission) ? '15 分钟内' : '–'),
    },
    { key: 'key', title: '代码', spare: true, render: (one) => one.key },
  ]
  const duties: Column<{ role: Role }>[] = [
    {
      key: 'role',
      title: '岗位',
      fixed: true,
      render: ({ role }) => <span className="strong">{ROLE_WORDS[role]}</span>,
    },
    { key: 'level', title: '哪一级', render: ({ role }) => LEVEL_WORDS[DUTIES[role].level] },
    { key: 'duty', title: '职责', render: ({ role }) => DUTIES[role].duty },
    { key: 'sight', title: '看到什么', render: ({ role }) => SIGHT_WORDS[DUTIES[role].sight] },
  ]
  return (
    <Page
      title="权限表"
      note="每个接口、菜单和按钮都照这张表；本人、志愿者、家人只管自己的记录"
      actions={<PrintButton />}
    >
      <PrintHeader title="权限表" scope={me.agencyName} />
      <DataTable
        name="duties"
        heading="各岗位的职责"
        label="各岗位的职责"
        columns={duties}
        rows={ROLES.map((role) => ({ role }))}
        rowKey={({ role }) => role}
        empty={<Empty title="没有岗位" />}
      />
      <DataTable
        name="permissions"
        heading="每件事谁能办"
        label="权限表"
        columns={columns}
        rows={LINES}
        rowKey={({ key }) => key}
        empty={<Empty title="没有权限" />}
      />
      <PrintFooter by={me.name} />
    </Page>
  )
}
