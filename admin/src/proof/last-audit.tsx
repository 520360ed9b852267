import type { LastAudit } from '../../../shared/proof/view'
import { Fact, Facts, Section } from '../components/page'
import { Pill } from '../components/status'
import { count, fullTime } from '../core/format'
import { useOne } from '../core/use-list'

/** What the last nightly audit of the books found; silent before the first. */
export function LastAuditSection() {
  const { data } = useOne<LastAudit>('/audits/last')
  const audit = data?.audit ?? null
  if (audit === null) return null
  return (
    <Section title="账本自查" note={`${fullTime(audit.endedAt)}，每晚重算全部账目和日志`}>
      <Facts>
        <Fact label="结果">
          {audit.clean ? <Pill tone="ok">账目正确</Pill> : <Pill tone="bad">发现问题，请马上联系技术人员</Pill>}
        </Fact>
        <Fact label="核对了">
          {`${count(audit.transactions)} 笔交易，${count(audit.leaves)} 条日志，${count(audit.checkpoints)} 个签名`}
        </Fact>
        {audit.row !== null && <Fact label="第一处">{audit.row}</Fact>}
      </Facts>
    </Section>
  )
}
