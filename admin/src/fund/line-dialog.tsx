import { Checkbox, Form, Input, InputNumber } from 'antd'
import { useRef } from 'react'
import { FUND_SOURCE_WORDS } from '../../../shared/fund/rules'
import type { FundLineView } from '../../../shared/fund/view'
import type { ProductView } from '../../../shared/redemption/view'
import { Choice } from '../components/choice'
import { FormDialog } from '../components/form'
import { RegionPicker } from '../components/region-picker'
import { post } from '../core/call'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useScope } from '../core/scope'
import { useOne } from '../core/use-list'
import { optionsOf, PRODUCT_KIND_WORDS } from '../core/words'
import { toFen, yuan } from './words'

const MONEY = [
  {
    required: true,
    validator: (_: unknown, text: string) =>
      toFen(text ?? '') === null ? Promise.reject(new Error('请填金额，例如 50000')) : Promise.resolve(),
  },
]

interface Values {
  regionId: string
  name: string
  source: string
  budget: string
  priority: number
  kinds: string[]
  productIds: string[]
  active: boolean
  reason: string
}

/** What a line is to say. It is only asked for here; another person agrees. */
export function LineDialog({
  line,
  year,
  onClose,
  done,
}: {
  line: FundLineView | 'new' | null
  year: number
  onClose: () => void
  done: () => void
}) {
  const { home } = useScope()
  const key = useRef(newId())
  const old = line === 'new' ? null : line
  const products = useOne<ProductView[]>(line === null ? null : '/products')
  return (
    <FormDialog<Values, FundLineView>
      title={old ? `修改 ${old.regionName} ${old.name}` : `新开 ${year} 年资金线`}
      open={line !== null}
      width={640}
      okText="提交，等人批准"
      onClose={onClose}
      done={() => {
        key.current = newId()
        done()
      }}
      initial={
        old
          ? { ...old, budget: yuan(old.budgetFen), reason: '' }
          : {
              regionId: home.regionId,
              source: 'welfareLottery',
              kinds: [],
              productIds: [],
              priority: 10,
              active: true,
              reason: '',
            }
      }
      submit={({ regionId, budget, reason, name, source, kinds, productIds, priority, active }) => {
        const terms = { name, source, kinds, productIds, priority, active, budgetFen: toFen(budget) ?? '' }
        return old
          ? post<FundLineView>(`/fund-lines/${old.id}/changes`, { id: key.current, terms, reason })
          : post<FundLineView>('/fund-lines', { id: key.current, regionId, year, terms, reason })
      }}
    >
      {!old && (
        <Form.Item name="regionId" label="哪一级的钱" rules={REQUIRED} extra="只付住在这里和下级的人">
          <RegionPicker name={home.regionName} />
        </Form.Item>
      )}
      <div className="pair">
        <Form.Item name="name" label="名称" rules={REQUIRED}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="source" label="来源" rules={REQUIRED}>
          <Choice options={optionsOf(FUND_SOURCE_WORDS)} />
        </Form.Item>
        <Form.Item
          name="budget"
          label="全年预算（元）"
          rules={MONEY}
          extra={old ? `已经用掉和答应 ${yuan(old.drawnFen)} 元` : undefined}
        >
          <Input inputMode="decimal" maxLength={16} />
        </Form.Item>
        <Form.Item name="priority" label="先后（数小的先付）" rules={REQUIRED}>
          <InputNumber min={1} max={99} precision={0} />
        </Form.Item>
      </div>
      <Form.Item name="kinds" label="付哪些种类（不选就都付）">
        <Checkbox.Group options={optionsOf(PRODUCT_KIND_WORDS)} />
      </Form.Item>
      <Form.Item name="productIds" label="只付这些商品（不选就都付）">
        <Checkbox.Group
          className="stack"
          options={(products.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Form.Item>
      <Form.Item name="active" valuePropName="checked">
        <Checkbox>在用</Checkbox>
      </Form.Item>
      <Form.Item name="reason" label="为什么，凭什么文件" rules={REQUIRED}>
        <Input maxLength={60} />
      </Form.Item>
    </FormDialog>
  )
}
