import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import type { ElderDetail, PinView } from '../../../shared/elder/view'
import { may } from '../../../shared/session/permissions'
import { LinkButton } from '../components/link-button'
import { Fact, Facts, Page, Section } from '../components/page'
import { Sheet } from '../components/sheet'
import { Unread } from '../components/states'
import { Pill, Status } from '../components/status'
import { fullTime } from '../core/format'
import { useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { useOne } from '../core/use-list'
import {
  ABILITY_WORDS,
  CATEGORY_WORDS,
  CONSENT_HOW_WORDS,
  CONSENT_WORDS,
  EVENT_WORDS,
  EXIT_WORDS,
  SEX_WORDS,
  spanWords,
  wordOf,
} from '../core/words'
import { Reveal } from '../person/reveal'
import { ElderPlates } from '../plate/elder-plates'
import { type Change, ElderDialogs } from './elder-dialogs'
import { Visited } from './elders'
import { ElderProxies } from './proxies'

export default function ElderPage() {
  const { id = '' } = useParams()
  const elder = useOne<ElderDetail>(`/elders/${id}`)
  const scoped = useScoped()
  const back = { to: scoped('/elders'), label: '老人' }
  if (!elder.data)
    return (
      <Page title="老人" back={back}>
        <Unread of={elder} />
      </Page>
    )
  return <Elder elder={elder.data} />
}

function Elder({ elder }: { elder: ElderDetail }) {
  const me = useMe()
  const scoped = useScoped()
  const cache = useQueryClient()
  const [change, setChange] = useState<Change | null>(null)
  const mayChange = may(me, 'elder.keep')
  const reveals = `/elders/${elder.id}/reveals`
  const edit = (next: Change, words: string) =>
    mayChange && (
      <button type="button" className="txt" onClick={() => setChange(next)}>
        {words}
      </button>
    )

  return (
    <Page
      title={elder.maskedName}
      note={`${elder.regionName}${elder.age === null ? '' : `，${elder.age} 岁`}`}
      back={{ to: scoped('/elders'), label: '老人' }}
      actions={
        <>
          <LinkButton to={scoped(`/visits?elderId=${elder.id}`)}>服务记录</LinkButton>
          <LinkButton to={scoped(`/orders?elderId=${elder.id}`)}>需求单</LinkButton>
          {elder.accountId && <LinkButton to={scoped(`/accounts/${elder.accountId}`)}>积分账户</LinkButton>}
        </>
      }
    >
      <div className="stack">
        <Section title="基本情况" actions={edit({ kind: 'facts' }, '修改')}>
          <Facts>
            <Fact label="姓名">
              <Reveal path={reveals} field="name" label="姓名" masked={elder.maskedName} />
            </Fact>
            <Fact label="性别">{wordOf(SEX_WORDS, elder.sex)}</Fact>
            <Fact label="出生日期">{elder.birthDate}</Fact>
            <Fact label="身份证号">
              {may(me, 'person.class3') ? (
                <Reveal path={reveals} field="idNumber" label="身份证号" masked={elder.maskedIdNumber} />
              ) : (
                (elder.maskedIdNumber ?? '没有登记')
              )}
            </Fact>
            <Fact label="电话">
              <Reveal path={reveals} field="phone" label="电话" masked={elder.maskedPhone} />
            </Fact>
            <Fact label="自己用手机">{elder.ownPhone ? '是，可以自己确认' : '否，由代办人或社区电话确认'}</Fact>
            <Fact label="本月探访">
              <Visited elder={elder} />
            </Fact>
            <Fact label="上次探访">{elder.lastVisitDay ?? '还没有'}</Fact>
            <Fact label="门牌位置">
              {elder.hasHomePoint ? (
                <Status tone="ok">已定位</Status>
              ) : (
                <Status tone="none">没有定位，不判断远近</Status>
              )}
            </Fact>
          </Facts>
          {elder.household.length > 0 && (
            <p style={{ marginTop: 12 }} className="t2">
              同住：
              {elder.household.map(({ id, maskedName }) => (
                <Link key={id} className="txt" to={scoped(`/elders/${id}`)}>
                  {maskedName}
                </Link>
              ))}
            </p>
          )}
        </Section>

        <div className="two">
          <Section title="类别与探访要求" actions={edit({ kind: 'tag' }, '加类别')}>
            <Lines empty="没有类别，本月不要求探访">
              {elder.tags.map((tag) => (
                <li key={tag.id} className="row">
                  <Pill tone={tag.validTo === null ? 'wait' : 'none'} icon="elder">
                    {wordOf(CATEGORY_WORDS, tag.category)}
                  </Pill>
                  <span className="t2 num">{spanWords(tag.validFrom, tag.validTo)}</span>
                  <span className="grow" />
                  {tag.validTo === null &&
                    edit({ kind: 'endTag', tagId: tag.id, word: wordOf(CATEGORY_WORDS, tag.category) }, '结束')}
                </li>
              ))}
            </Lines>
            {elder.requirements.map(({ category, interval, sentence }) => (
              <p key={`${category}-${interval}`} className="t2 small" style={{ marginTop: 6 }}>
                {wordOf(CATEGORY_WORDS, category)}：{sentence}
              </p>
            ))}
          </Section>
          <Section title="暂停与退出" note="住院、外出的日子不算应访" actions={edit({ kind: 'exit' }, '登记')}>
            <Lines empty="没有登记过">
              {elder.exits.map((exit) => (
                <li key={exit.id} className="row">
                  <Pill tone="none">{wordOf(EXIT_WORDS, exit.kind)}</Pill>
                  <span className="t2 num">{spanWords(exit.validFrom, exit.validTo)}</span>
                  <span className="t3">
                    {exit.reason}
                    {exit.approvedBy && `（${exit.approvedBy} 批准）`}
                  </span>
                  <span className="grow" />
                  {exit.validTo === null &&
                    edit({ kind: 'endExit', exitId: exit.id, word: wordOf(EXIT_WORDS, exit.kind) }, '结束')}
                </li>
              ))}
            </Lines>
          </Section>
        </div>

        <div className="two">
          <Section title="能力评估" note="GB/T 42195，满分 90" actions={edit({ kind: 'assess' }, '登记评估')}>
            <Lines empty="还没有评估过">
              {elder.assessments.map((one) => (
                <li key={one.id} className="row num">
                  <Pill tone="none">{wordOf(ABILITY_WORDS, one.level)}</Pill>
                  <span>
                    {one.score} 分，{one.assessedDay}
                  </span>
                  <span className="t3">
                    {one.organisation}，下次 {one.nextDueDay}
                  </span>
                </li>
              ))}
            </Lines>
          </Section>
          <Section title="新情况" note="有要求的，要在几小时内去看" actions={edit({ kind: 'event' }, '登记情况')}>
            <Lines empty="没有登记过">
              {elder.events.map((one) => (
                <li key={one.id} className="row num">
                  <Pill tone="wait">{wordOf(EVENT_WORDS, one.kind)}</Pill>
                  <span>{fullTime(one.happenedAt)}</span>
                  <span className="t3">{one.note}</span>
                </li>
              ))}
            </Lines>
          </Section>
        </div>

        <div className="two">
          <Section title="住址" actions={edit({ kind: 'move' }, '搬家')}>
            <p>
              <Reveal path={reveals} field="address" label="住址" masked={elder.maskedAddress} />
            </p>
            <ul className="stack" style={{ gap: 4, marginTop: 8 }}>
              {elder.residences.map((home) => (
                <li key={`${home.regionName}-${home.validFrom}`} className="t2 num">
                  {home.regionName}，{spanWords(home.validFrom, home.validTo)}
                </li>
              ))}
            </ul>
          </Section>
          <Section title="联系人" actions={edit({ kind: 'contact' }, '加联系人')}>
            <Lines empty="没有登记联系人">
              {elder.contacts.map((contact) => (
                <li key={contact.id} className="row num">
                  <span className="strong">{contact.relation}</span> {contact.maskedName} {contact.maskedPhone}
                </li>
              ))}
            </Lines>
          </Section>
        </div>

        <ElderPlates elder={elder} mayChange={mayChange && !elder.ended} onChanged={() => cache.invalidateQueries()} />

        <div className="two">
          <ElderProxies
            elder={elder}
            mayChange={mayChange && !elder.ended}
            onStop={({ id, maskedName }) => setChange({ kind: 'stopProxy', proxyId: id, word: maskedName })}
          />
          <Section title="4 位密码" note="老人没带手机，在志愿者手机上输" actions={edit({ kind: 'pin' }, '设密码')}>
            <PinFacts elderId={elder.id} />
          </Section>
          <Section title="同意书" actions={edit({ kind: 'consent' }, '登记同意')}>
            <Lines empty="没有登记过同意">
              {elder.consents.map((consent) => (
                <li key={`${consent.kind}-${consent.at}`} className="row num">
                  <Status tone={consent.withdrawnAt ? 'none' : 'ok'}>{wordOf(CONSENT_WORDS, consent.kind)}</Status>
                  <span className="t2">{wordOf(CONSENT_HOW_WORDS, consent.how)}</span>
                  <span className="t3">
                    {fullTime(consent.at)}，文本 {consent.textVersion}
                    {consent.withdrawnAt && `，${fullTime(consent.withdrawnAt)} 撤回`}
                  </span>
                </li>
              ))}
            </Lines>
          </Section>
        </div>
      </div>
      <Sources sources={elder.sources} />
      <ElderDialogs
        elder={elder}
        change={change}
        onClose={() => setChange(null)}
        onChanged={() => cache.invalidateQueries()}
      />
    </Page>
  )
}

/** Where each field comes from. */
function Sources({ sources }: { sources: ElderDetail['sources'] }) {
  if (sources.length === 0) return null
  return (
    <Section title="数据来源" note="导入时和登记的不一样的，不会改动，只在导入结果里列出">
      <Sheet label="数据来源">
        <table className="plain num">
          <thead>
            <tr>
              <th scope="col">内容</th>
              <th scope="col">从哪里来</th>
              <th scope="col">原系统编号</th>
              <th scope="col">谁</th>
              <th scope="col">什么时候</th>
            </tr>
          </thead>
          <tbody>
            {sources.map((one) => (
              <tr key={one.field}>
                <td>{one.field}</td>
                <td>{one.fileName === null ? '窗口登记' : `${one.fileName} 第 ${one.line} 行`}</td>
                <td>{one.externalNo ?? '—'}</td>
                <td className="nb">{one.byName}</td>
                <td className="nb">{fullTime(one.at)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Sheet>
    </Section>
  )
}

const PIN_HOW: Record<string, string> = { app: '老人自己设的', proxy: '代办人设的', paper: '社区照表设的' }

/** Whether the elder has a PIN, and whether it is locked; nobody can read it. */
function PinFacts({ elderId }: { elderId: string }) {
  const me = useMe()
  const pin = useOne<PinView>(may(me, 'elder.keep') ? `/elders/${elderId}/pin` : null)
  if (pin.data === undefined) return <p className="t3">—</p>
  const { isSet, setAt, how, lockedUntil } = pin.data
  if (!isSet || setAt === null) return <p className="t3">还没有设</p>
  return (
    <p className="row num">
      <Status tone={lockedUntil === null ? 'ok' : 'warn'}>
        {lockedUntil === null ? '可以用' : `输错太多，锁到 ${fullTime(lockedUntil)}`}
      </Status>
      <span className="t2">
        {fullTime(setAt)} {wordOf(PIN_HOW, how)}
      </span>
    </p>
  )
}

function Lines({ empty, children }: { empty: string; children: React.ReactNode[] }) {
  if (children.length === 0) return <p className="t3">{empty}</p>
  return (
    <ul className="stack" style={{ gap: 8 }}>
      {children}
    </ul>
  )
}
