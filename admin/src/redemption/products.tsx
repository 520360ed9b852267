import { useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, Form, Input, InputNumber } from 'antd'
import { useRef, useState } from 'react'
import { yuanText } from '../../../shared/core/amounts'
import type { PointView, ProductView } from '../../../shared/redemption/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { type Column, DataTable } from '../components/data-table'
import { ExportButton } from '../components/export-button'
import { FormDialog } from '../components/form'
import { Icon } from '../components/icon'
import { Page } from '../components/page'
import { PicturePicker } from '../components/picture-picker'
import { Empty } from '../components/states'
import { Status } from '../components/status'
import { post, put } from '../core/call'
import { count, points, toMilliPoints } from '../core/format'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useScope } from '../core/scope'
import { useMe } from '../core/session'
import { useTell } from '../core/use-action'
import { useOne } from '../core/use-list'
import { MEAL_WORDS, optionsOf, PERIOD_WORDS, PRODUCT_KIND_WORDS, wordOf } from '../core/words'
import { PointsSection } from './points'

const AMOUNT = [
  {
    required: true,
    validator: (_: unknown, text: string) =>
      toMilliPoints(text ?? '') === null ? Promise.reject(new Error('请填数字，最多三位小数')) : Promise.resolve(),
  },
]
const MONEY = [
  {
    required: true,
    validator: (_: unknown, text: string) =>
      fenOf(text ?? '') === null ? Promise.reject(new Error('请填金额，例如 3.50')) : Promise.resolve(),
  },
]

/** "3.5" yuan → 350 fen, or null. */
function fenOf(text: string): number | null {
  const match = /^(\d{1,5})(?:\.(\d{1,2}))?$/.exec(text.trim())
  return match ? Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0')) : null
}

interface Values {
  name: string
  icon: string
  kind: string
  description: string
  price: string
  cost: string
  holdHours: number
  mostAtOnce: number
  mealTime?: string
  whoRule: string
  active: boolean
}

/** What points are good for: price, what it costs, how many are left where. */
export default function ProductsPage() {
  const me = useMe()
  const cache = useQueryClient()
  const tell = useTell()
  const { home } = useScope()
  const list = useOne<ProductView[]>('/products')
  const places = useOne<PointView[]>('/redemption-points')
  const [editing, setEditing] = useState<ProductView | 'new' | null>(null)
  const [stocking, setStocking] = useState<ProductView | null>(null)
  const key = useRef(newId())
  const old = editing === 'new' ? null : editing
  const done = () => {
    key.current = newId()
    tell('已保存')
    cache.invalidateQueries({ queryKey: ['/products'] })
  }

  const columns: Column<ProductView>[] = [
    {
      key: 'name',
      title: '商品',
      fixed: true,
      render: (product) => (
        <span className="row nb" style={{ flexWrap: 'nowrap' }}>
          <Icon name={product.icon} />
          <span className="strong">{product.name}</span>
        </span>
      ),
    },
    {
      key: 'kind',
      title: '种类',
      render: (product) =>
        product.mealTime === null
          ? wordOf(PRODUCT_KIND_WORDS, product.kind)
          : `${wordOf(PRODUCT_KIND_WORDS, product.kind)}（刷卡${wordOf(MEAL_WORDS, product.mealTime)}）`,
    },
    { key: 'who', title: '给谁', render: (product) => product.whoSaid || '所有人' },
    {
      key: 'price',
      title: '要多少分',
      align: 'right',
      render: (product) => <span className="strong">{points(product.priceMilliPoints)}</span>,
    },
    { key: 'cost', title: '成本（元）', align: 'right', render: (product) => yuanText(product.costFen) },
    {
      key: 'stocks',
      title: '各点还有',
      render: (product) => (
        <ul>
          {product.stocks.length === 0 && <li className="t3">没有铺货</li>}
          {product.stocks.map(({ pointId, pointName, left, period, perPeriod }) => (
            <li key={pointId}>
              {pointName}{' '}
              {left === 0 ? <Status tone="warn">没有了</Status> : <span className="strong">{count(left)}</span>}
              {period !== 'never' && (
                <span className="t3">
                  {' '}
                  {wordOf(PERIOD_WORDS, period)} {count(perPeriod)}
                </span>
              )}
            </li>
          ))}
        </ul>
      ),
    },
    { key: 'hold', title: '保留', align: 'right', render: (product) => `${product.holdHours} 小时` },
    { key: 'words', title: '说明', spare: true, render: (product) => product.description || '—' },
    {
      key: 'state',
      title: '状态',
      render: (product) => (product.active ? <Status tone="ok">可以换</Status> : <Status tone="none">下架</Status>),
    },
    ...(may(me, 'product.stock')
      ? [
          {
            key: 'acts',
            title: '操作',
            fixed: true,
            render: (product: ProductView) => (
              <span className="row" style={{ gap: 0, flexWrap: 'nowrap' }}>
                <button
                  type="button"
                  className="txt"
                  aria-label={`${product.name} 进出货`}
                  onClick={() => setStocking(product)}
                >
                  进出货
                </button>
                {may(me, 'product.keep') && (
                  <button
                    type="button"
                    className="txt"
                    aria-label={`修改 ${product.name}`}
                    onClick={() => setEditing(product)}
                  >
                    修改
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
      title="兑换商品"
      actions={
        may(me, 'product.keep') && (
          <Button type="primary" icon={<Icon name="plus" size={18} />} onClick={() => setEditing('new')}>
            加商品
          </Button>
        )
      }
    >
      <div className="stack">
        <DataTable
          name="products"
          label="兑换商品"
          exits={<ExportButton path="/exports/products" query={{}} name="兑换商品" aggregate />}
          columns={columns}
          list={list}
          rowKey={({ id }) => id}
          empty={<Empty icon="gift" title="还没有可以换的东西" next="先加商品和兑换点，老人和志愿者才能兑换。" />}
        />
        <PointsSection places={places} />
      </div>
      <FormDialog<Values, ProductView>
        title={old ? `修改 ${old.name}` : '加商品'}
        open={editing !== null}
        width={640}
        onClose={() => setEditing(null)}
        done={done}
        initial={
          old
            ? {
                name: old.name,
                icon: old.icon,
                kind: old.kind,
                description: old.description,
                price: points(old.priceMilliPoints).replaceAll(',', ''),
                cost: yuanText(old.costFen),
                holdHours: old.holdHours,
                mostAtOnce: old.mostAtOnce,
                mealTime: old.mealTime ?? undefined,
                whoRule: old.whoRule,
                active: old.active,
              }
            : {
                icon: 'gift',
                kind: 'goods',
                description: '',
                price: '',
                cost: '',
                holdHours: 72,
                mostAtOnce: 1,
                whoRule: '',
                active: true,
              }
        }
        submit={({ price, cost, ...values }) => {
          const body = {
            ...values,
            description: values.description ?? '',
            whoRule: values.whoRule ?? '',
            mealTime: values.mealTime ?? null,
            priceMilliPoints: toMilliPoints(price),
            costFen: fenOf(cost),
          }
          return old
            ? put<ProductView>(`/products/${old.id}`, body)
            : post<ProductView>('/products', { ...body, id: key.current, regionId: home.regionId })
        }}
      >
        <div className="pair">
          <Form.Item name="name" label="名称" rules={REQUIRED}>
            <Input maxLength={60} />
          </Form.Item>
          <Form.Item name="kind" label="种类" rules={REQUIRED}>
            <Choice options={optionsOf(PRODUCT_KIND_WORDS)} />
          </Form.Item>
        </div>
        <Form.Item name="icon" label="图">
          <PicturePicker />
        </Form.Item>
        <div className="pair">
          <Form.Item name="price" label="要多少分" rules={AMOUNT}>
            <Input inputMode="decimal" maxLength={12} />
          </Form.Item>
          <Form.Item name="cost" label="成本（元）" rules={MONEY}>
            <Input inputMode="decimal" maxLength={8} />
          </Form.Item>
          <Form.Item name="holdHours" label="换了以后保留几小时" rules={REQUIRED}>
            <InputNumber min={1} max={720} precision={0} />
          </Form.Item>
          <Form.Item name="mostAtOnce" label="一次最多换几份" rules={REQUIRED} extra="抵现金：一份就是一元">
            <InputNumber min={1} max={1000} precision={0} />
          </Form.Item>
          <Form.Item name="mealTime" label="刷卡领的是哪一顿" extra="只有餐食可以；一人一顿一份">
            <Choice all="不刷卡" options={optionsOf(MEAL_WORDS)} />
          </Form.Item>
        </div>
        <Form.Item name="whoRule" label="给谁（不填就是所有人）" extra="和积分规则里的写法一样，例如：age >= 80">
          <Input maxLength={300} />
        </Form.Item>
        <Form.Item name="description" label="说明">
          <Input.TextArea rows={2} maxLength={200} />
        </Form.Item>
        <Form.Item name="active" valuePropName="checked">
          <Checkbox>可以换</Checkbox>
        </Form.Item>
      </FormDialog>
      <FormDialog<{ pointId: string; change?: number; period?: string; perPeriod?: number }, ProductView>
        title={`进出货：${stocking?.name ?? ''}`}
        open={stocking !== null}
        onClose={() => setStocking(null)}
        done={done}
        submit={({ pointId, change, period, perPeriod }) =>
          post<ProductView>(`/products/${stocking?.id ?? ''}/stock`, {
            ...{ id: key.current, pointId, change: change ?? 0 },
            ...(period === undefined ? {} : { period, perPeriod: perPeriod ?? 0 }),
          })
        }
      >
        <Form.Item name="pointId" label="哪个兑换点" rules={REQUIRED}>
          <Choice options={places.data?.map(({ id, name }) => ({ value: id, label: name }))} />
        </Form.Item>
        <Form.Item name="change" label="进几个（拿走填负数）">
          <InputNumber min={-100000} max={100000} precision={0} />
        </Form.Item>
        <div className="pair">
          <Form.Item name="period" label="自动补货">
            <Choice all="不改" options={optionsOf(PERIOD_WORDS)} />
          </Form.Item>
          <Form.Item name="perPeriod" label="每期补到几个">
            <InputNumber min={0} max={100000} precision={0} />
          </Form.Item>
        </div>
      </FormDialog>
    </Page>
  )
}
