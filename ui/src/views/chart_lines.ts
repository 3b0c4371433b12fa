// The engine of charts for everything that is not bars alone: a page of bars need not fetch them.
import { use } from 'echarts/core'
import { FunnelChart, LineChart } from 'echarts/charts'
import { MarkLineComponent } from 'echarts/components'

use([FunnelChart, LineChart, MarkLineComponent])

export * from './chart_engine'
