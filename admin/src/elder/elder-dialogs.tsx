import { Checkbox, Form, Input, InputNumber } from 'antd'
import { useRef } from 'react'
import { instantOf } from '../../../shared/core/time'
import type { ElderDetail } from '../../../shared/elder/view'
import { CONSENT_TEXT } from '../../../shared/elder/words'
import { Choice } from '../components/choice'
import { DayInput } from '../components/day-input'
import { FormDialog } from '../components/form'
import { PersonPicker } from '../components/person-picker'
import { RegionPicker } from '../components/region-picker'
import { post, put } from '../core/call'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { today } from '../core/today'
import { useTell } from '../core/use-action'
import { CATEGORY_WORDS, CONSENT_HOW_WORDS, CONSENT_WORDS, EVENT_WORDS, EXIT_WORDS, optionsOf } from '../core/words'

export type Change =
  | { kind: 'facts' }
  | { kind: 'tag' }
  | { kind: 'endTag'; tagId: string; word: string }
  | { kind: 'exit' }
  | { kind: 'endExit'; exitId: string; word: string }
  | { kind: 'assess' }
  | { kind: 'event' }
  | { kind: 'move' }
  | { kind: 'contact' }
  | { kind: 'stopProxy'; proxyId: string; word: string }
  | { kind: 'consent' }
  | { kind: 'pin' }

interface ElderDialogsProps {
  elder: ElderDetail
  change: Change | null
  onClose: () => void
  onChanged: () => void
}

/** Every change of an elder's record, each a dialog of its own: none edits the past, each adds a dated line. */
export function ElderDialogs({ elder, change, onClose, onChanged }: ElderDialogsProps) {
  const tell = useTell()
  const key = useRef(newId())
  const path = `/elders/${elder.id}`
  const done = () => {
    key.current = newId()
    tell('已保存')
    onChanged()
  }
  const common = { onClose, done }

  return (
    <>
      <FormDialog<{ name?: string; phone?: string; ownPhone: boolean }, unknown>
        {...common}
        title="修改基本情况"
        open={change?.kind === 'facts'}
        initial={{ ownPhone: elder.ownPhone }}
        note={
          <p className="note" style={{ marginBottom: 14 }}>
            不改的留空。改动会记入操作日志。
          </p>
        }
        submit={({ name, phone, ownPhone }) =>
          put(path, { name: name?.trim() || undefined, phone: phone?.trim() || undefined, ownPhone })
        }
      >
        <Form.Item name="name" label={`姓名（现在是 ${elder.maskedName}）`}>
          <Input maxLength={30} />
        </Form.Item>
        <Form.Item name="phone" label={`电话（现在${elder.maskedPhone ? `是 ${elder.maskedPhone}` : '没有'}）`}>
          <Input maxLength={20} inputMode="tel" />
        </Form.Item>
        <Form.Item name="ownPhone" valuePropName="checked">
          <Checkbox>老人自己用手机，可以自己确认</Checkbox>
        </Form.Item>
      </FormDialog>

      <FormDialog<{ category: string; validFrom: string }, unknown>
        {...common}
        title="加类别"
        open={change?.kind === 'tag'}
        initial={{ validFrom: today() }}
        submit={(values) => post(`${path}/tags`, { id: key.current, ...values })}
      >
        <Form.Item name="category" label="类别" rules={REQUIRED}>
          <Choice options={optionsOf(CATEGORY_WORDS)} />
        </Form.Item>
        <Form.Item name="validFrom" label="从哪天起（探访要求也从这天起）" rules={REQUIRED}>
          <DayInput />
        </Form.Item>
      </FormDialog>

      <FormDialog<{ validTo: string }, unknown>
        {...common}
        title={`结束类别：${change?.kind === 'endTag' ? change.word : ''}`}
        open={change?.kind === 'endTag'}
        initial={{ validTo: today() }}
        submit={(values) => post(`${path}/tags/${change?.kind === 'endTag' ? change.tagId : ''}/ending`, values)}
      >
        <Form.Item name="validTo" label="到哪天为止（含这一天）" rules={REQUIRED}>
          <DayInput />
        </Form.Item>
      </FormDialog>

      <FormDialog<{ kind: string; validFrom: string; validTo?: string; reason: string }, unknown>
        {...common}
        title="登记暂停或退出"
        open={change?.kind === 'exit'}
        initial={{ validFrom: today() }}
        submit={({ kind, validFrom, validTo, reason }) =>
          post(`${path}/exits`, { id: key.current, kind, validFrom, validTo: validTo || null, reason })
        }
      >
        <Form.Item name="kind" label="原因" rules={REQUIRED}>
          <Choice options={optionsOf(EXIT_WORDS)} />
        </Form.Item>
        <div className="pair">
          <Form.Item name="validFrom" label="从哪天" rules={REQUIRED}>
            <DayInput />
          </Form.Item>
          <Form.Item name="validTo" label="到哪天（去世、迁出不填）">
            <DayInput />
          </Form.Item>
        </div>
        <Form.Item name="reason" label="说明" rules={REQUIRED}>
          <Input maxLength={100} />
        </Form.Item>
      </FormDialog>

      <FormDialog<{ assessedDay: string; score: number; nextDueDay?: string; organisation: string }, unknown>
        {...common}
        title="登记能力评估"
        open={change?.kind === 'assess'}
        initial={{ assessedDay: today() }}
        submit={({ nextDueDay, ...values }) =>
          post(`${path}/assessments`, { id: key.current, ...values, ...(nextDueDay ? { nextDueDay } : {}) })
        }
      >
        <Form.Item name="score" label="得分（0 到 90）" rules={REQUIRED}>
          <InputNumber min={0} max={90} precision={0} />
        </Form.Item>
        <div className="pair">
          <Form.Item name="assessedDay" label="哪天评的" rules={REQUIRED}>
            <DayInput />
          </Form.Item>
          <Form.Item name="nextDueDay" label="下次（不填是一年后）">
            <DayInput />
          </Form.Item>
        </div>
        <Form.Item name="organisation" label="评估机构" rules={REQUIRED}>
          <Input maxLength={60} />
        </Form.Item>
      </FormDialog>

      <FormDialog<{ kind: string; day: string; clock: string; note?: string }, unknown>
        {...common}
        title="登记新情况"
        open={change?.kind === 'event'}
        initial={{ kind: 'change', day: today() }}
        note={
          <p className="note" style={{ marginBottom: 14 }}>
            有“情况发生后几小时内”要求的老人，从这个时刻起算。
          </p>
        }
        submit={({ kind, day, clock, note }) =>
          post(`${path}/events`, {
            ...{ id: key.current, kind, note: note ?? '' },
            happenedAt: instantOf(day, clock).toISOString(),
          })
        }
      >
        <Form.Item name="kind" label="什么情况" rules={REQUIRED}>
          <Choice options={optionsOf(EVENT_WORDS)} />
        </Form.Item>
        <div className="pair">
          <Form.Item name="day" label="哪天" rules={REQUIRED}>
            <DayInput />
          </Form.Item>
          <Form.Item name="clock" label="几点" rules={REQUIRED}>
            <Input type="time" />
          </Form.Item>
        </div>
        <Form.Item name="note" label="说明（可不填）">
          <Input maxLength={100} />
        </Form.Item>
      </FormDialog>

      <FormDialog<{ validTo: string }, unknown>
        {...common}
        title={`结束：${change?.kind === 'endExit' ? change.word : ''}`}
        open={change?.kind === 'endExit'}
        initial={{ validTo: today() }}
        submit={(values) => post(`${path}/exits/${change?.kind === 'endExit' ? change.exitId : ''}/ending`, values)}
      >
        <Form.Item name="validTo" label="到哪天为止（含这一天）" rules={REQUIRED}>
          <DayInput />
        </Form.Item>
      </FormDialog>

      <FormDialog<{ regionId: string; address: string; validFrom: string; householdOf?: string }, unknown>
        {...common}
        title="搬家"
        open={change?.kind === 'move'}
        initial={{ regionId: elder.regionId, validFrom: today() }}
        submit={(values) => post(`${path}/moves`, { id: key.current, ...values })}
      >
        <Form.Item name="regionId" label="搬到" rules={REQUIRED}>
          <RegionPicker name={elder.regionName} />
        </Form.Item>
        <Form.Item name="address" label="住址" rules={REQUIRED}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="householdOf" label="和已经登记的哪位老人住一起（可不填）">
          <PersonPicker path="/elders" narrow={{ state: 'active' }} optional />
        </Form.Item>
        <Form.Item name="validFrom" label="从哪天起" rules={REQUIRED}>
          <DayInput />
        </Form.Item>
      </FormDialog>

      <FormDialog<{ relation: string; name: string; phone: string }, unknown>
        {...common}
        title="加联系人"
        open={change?.kind === 'contact'}
        submit={(values) => post(`${path}/contacts`, { id: key.current, ...values })}
      >
        <Form.Item name="relation" label="关系" rules={REQUIRED}>
          <Input maxLength={10} />
        </Form.Item>
        <Form.Item name="name" label="姓名" rules={REQUIRED}>
          <Input maxLength={30} />
        </Form.Item>
        <Form.Item name="phone" label="电话" rules={REQUIRED}>
          <Input maxLength={20} inputMode="tel" />
        </Form.Item>
      </FormDialog>

      <FormDialog<object, unknown>
        {...common}
        title={`停止代办：${change?.kind === 'stopProxy' ? change.word : ''}`}
        open={change?.kind === 'stopProxy'}
        okText="停止代办"
        danger
        note={<p style={{ marginBottom: 14 }}>停止后，这位代办人不能再替老人确认、发需求或兑换。</p>}
        submit={() => post(`/proxies/${change?.kind === 'stopProxy' ? change.proxyId : ''}/revocation`, {})}
      >
        {null}
      </FormDialog>

      <FormDialog<{ pin: string }, unknown>
        {...common}
        title="设 4 位密码"
        open={change?.kind === 'pin'}
        note={
          <p className="note" style={{ marginBottom: 14 }}>
            照老人签过字的表填。设新的密码，也就把锁打开了；密码谁也查不到，忘了只能重设。
          </p>
        }
        submit={({ pin }) => put(`${path}/pin`, { id: key.current, pin })}
      >
        <Form.Item
          name="pin"
          label="4 位数字"
          rules={[{ required: true, pattern: /^\d{4}$/, message: '请填 4 位数字' }]}
        >
          <Input.Password maxLength={4} inputMode="numeric" autoComplete="new-password" />
        </Form.Item>
      </FormDialog>

      <FormDialog<{ kind: string; how: string; textVersion: string }, unknown>
        {...common}
        title="登记同意"
        open={change?.kind === 'consent'}
        initial={{ how: 'paper', textVersion: CONSENT_TEXT }}
        submit={(values) => post(`${path}/consents`, values)}
      >
        <Form.Item name="kind" label="同意什么" rules={REQUIRED}>
          <Choice options={optionsOf(CONSENT_WORDS)} />
        </Form.Item>
        <Form.Item name="how" label="怎么同意的" rules={REQUIRED}>
          <Choice options={optionsOf(CONSENT_HOW_WORDS)} />
        </Form.Item>
        <Form.Item name="textVersion" label="同意书文本版本" rules={REQUIRED}>
          <Input maxLength={20} />
        </Form.Item>
      </FormDialog>
    </>
  )
}
