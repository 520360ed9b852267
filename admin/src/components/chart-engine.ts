import { LineChart } from 'echarts/charts'
import { AriaComponent, GridComponent, TooltipComponent } from 'echarts/components'
import { init, use as install } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

install([LineChart, GridComponent, TooltipComponent, AriaComponent, CanvasRenderer])

export interface Line {
  name: string
  /** null where there is nothing yet. */
  values: readonly (number | null)[]
  dashed?: boolean
}

interface Drawing {
  ticks: readonly string[]
  lines: readonly Line[]
  unit: string
  max?: number
}

/** Draws and follows the size of `element` and the theme; the answer takes it away again. */
export function drawLines(element: HTMLElement, drawing: Drawing): () => void {
  const chart = init(element, undefined, { renderer: 'canvas' })
  const paint = () => chart.setOption(optionOf(drawing))
  const sizes = new ResizeObserver(() => chart.resize())
  const themes = new MutationObserver(paint)
  sizes.observe(element)
  themes.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  paint()
  return () => {
    sizes.disconnect()
    themes.disconnect()
    chart.dispose()
  }
}

function optionOf({ ticks, lines, unit, max }: Drawing) {
  const color = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()
  const label = { color: color('--text-3'), fontSize: 12 }
  return {
    animation: false,
    aria: { enabled: false },
    grid: { left: 44, right: 96, top: 12, bottom: 26 },
    tooltip: {
      trigger: 'axis',
      valueFormatter: (value: unknown) => (value === null || value === undefined ? '—' : `${String(value)}${unit}`),
    },
    xAxis: {
      type: 'category',
      data: ticks,
      boundaryGap: false,
      axisLabel: label,
      axisLine: { lineStyle: { color: color('--line') } },
      axisTick: { show: false },
    },
    yAxis: {
      type: 'value',
      max,
      minInterval: unit === '次' ? 1 : 0, // nothing happens half a time
      axisLabel: { ...label, formatter: `{value}${unit}` },
      splitLine: { lineStyle: { color: color('--line') } },
    },
    series: lines.map(({ name, values, dashed }, at) => ({
      type: 'line',
      name,
      data: values,
      symbol: dashed ? 'rect' : 'circle',
      symbolSize: 7,
      showSymbol: false,
      lineStyle: {
        width: dashed ? 2 : 2.5,
        type: dashed ? 'dashed' : 'solid',
        color: color(dashed ? '--line-control' : `--viz-${at + 1}`),
      },
      itemStyle: { color: color(dashed ? '--line-control' : `--viz-${at + 1}`) },
      areaStyle: dashed ? undefined : { color: color('--primary-tint') },
      endLabel: {
        show: true,
        formatter: '{a}',
        color: color(dashed ? '--text-2' : '--primary-text-strong'),
        fontSize: 12,
        fontWeight: dashed ? 400 : 600,
      },
    })),
  }
}
