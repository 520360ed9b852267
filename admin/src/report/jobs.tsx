import type { JobState, KeyProgress } from '../../../shared/report/view'
import { type Column, DataTable } from '../components/data-table'
import { Fact, Facts, Page, Section } from '../components/page'
import { Empty } from '../components/states'
import { Status } from '../components/status'
import { count, fullTime } from '../core/format'
import { useOne } from '../core/use-list'
import { JOB_WORDS, wordOf } from '../core/words'

const COLUMNS: readonly Column<JobState>[] = [
  {
    key: 'kind',
    title: '任务',
    fixed: true,
    render: (one) => <span className="strong">{wordOf(JOB_WORDS, one.kind)}</span>,
  },
  { key: 'cron', title: '什么时候', render: (one) => cronWords(one.cron) },
  {
    key: 'last',
    title: '最近一次做完',
    render: (one) => <span className="nb">{one.lastDoneAt === null ? '还没有' : fullTime(one.lastDoneAt)}</span>,
  },
  { key: 'waiting', title: '还没做', align: 'right', render: (one) => one.waiting },
  {
    key: 'state',
    title: '状态',
    render: (one) =>
      one.lastError === null ? (
        <Status tone="ok">正常</Status>
      ) : (
        <Status tone="bad">{`没做成（${one.lastError}）`}</Status>
      ),
  },
  { key: 'code', title: '代码', spare: true, render: (one) => one.kind },
]

/** 后台任务: what the clock does, for whoever runs the system and sees no persons. */
export default function JobsPage() {
  const list = useOne<JobState[]>('/jobs')
  return (
    <Page title="后台任务" note="北京时间；这里没有个人信息">
      <DataTable
        name="jobs"
        label="后台任务"
        columns={COLUMNS}
        list={list}
        rowKey={({ kind }) => kind}
        empty={<Empty icon="clock" title="没有任务" next="后台服务启动以后，任务会自动登记。" />}
      />
      <Keys />
    </Page>
  )
}

const SUITE_WORDS: Record<KeyProgress['suite'], string> = { aes: '国际通用', sm: '国密' }

/** Each person has a key, wrapped with the newest of the system's; after that was changed they follow one by one. */
function Keys() {
  const progress = useOne<KeyProgress>('/keys/progress')
  const { suite, kekId, keys, waiting } = progress.data ?? {}
  if (suite === undefined || keys === undefined || waiting === undefined) return null
  return (
    <Section title="个人信息的密钥">
      <Facts>
        <Fact label="算法">{SUITE_WORDS[suite]}</Fact>
        <Fact label="现在用的主密钥">{kekId}</Fact>
        <Fact label="用它包好的">
          {count(keys - waiting)} / {count(keys)} 把
        </Fact>
        <Fact label="换密钥">
          {waiting === 0 ? (
            <Status tone="ok">换完了</Status>
          ) : (
            <Status tone="warn">还有 {count(waiting)} 把在换</Status>
          )}
        </Fact>
      </Facts>
    </Section>
  )
}

/** The five kinds of times there are, in words; another is shown as it is written. */
function cronWords(cron: string): string {
  const [minute = '', hour = '', ...rest] = cron.split(' ')
  if (rest.length === 4) return `每 ${minute.replace('*/', '')} 秒`
  if (hour !== '*') return `每天 ${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
  if (minute === '*') return '每分钟'
  return minute.startsWith('*/') ? `每 ${minute.slice(2)} 分钟` : `每小时的第 ${minute} 分`
}
