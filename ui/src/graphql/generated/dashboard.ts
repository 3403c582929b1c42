/* eslint-disable */
// Generated from the form of dashboards by `npm run schema`.

/**
 * A dashboard document of Metrics Dashboard.
 */
export interface Dashboard {
$schema?: string
version: 1
id: string
title: string
description: string
folder: string
/**
 * @maxItems 50
 */
tags: string[]
time: {
from: string
to: string
zone: string
refresh: ("off" | "auto" | "5s" | "15s" | "30s" | "1m" | "5m")
}
/**
 * @maxItems 100
 */
variables: ({
kind: "label_values"
name: string
label: string
description: string
hidden: boolean
multiple: boolean
all: boolean
/**
 * @maxItems 10000
 */
selected: string[]
filter: string
sort: ("natural" | "alphabetical" | "numerical" | "none")
descending: boolean
of: string
selector: string
} | {
kind: "query"
name: string
label: string
description: string
hidden: boolean
multiple: boolean
all: boolean
/**
 * @maxItems 10000
 */
selected: string[]
filter: string
sort: ("natural" | "alphabetical" | "numerical" | "none")
descending: boolean
expression: string
of: string
} | {
kind: "custom"
name: string
label: string
description: string
hidden: boolean
multiple: boolean
all: boolean
/**
 * @maxItems 10000
 */
selected: string[]
/**
 * @minItems 1
 * @maxItems 10000
 */
options: {
value: string
text?: string
}[]
} | {
kind: "text"
name: string
label: string
description: string
hidden: boolean
/**
 * @maxItems 1
 */
selected: string[]
} | {
kind: "interval"
name: string
label: string
description: string
hidden: boolean
/**
 * @minItems 1
 * @maxItems 100
 */
options: string[]
/**
 * @maxItems 1
 */
selected: string[]
})[]
/**
 * @maxItems 500
 */
panels: ({
kind: "timeseries"
id: string
title: string
description: string
position: {
x: number
y: number
width: number
height: number
}
/**
 * @maxItems 26
 */
queries: {
expression: string
legend: string
axis: ("left" | "right")
hidden: boolean
}[]
unit: string
decimals?: number
/**
 * @maxItems 20
 */
thresholds: {
value: number
color: string
}[]
/**
 * @maxItems 100
 */
mappings: {
from?: number
to?: number
text: string
color?: string
}[]
min?: number
max?: number
style: ("line" | "area" | "points" | "bars")
stack: ("none" | "normal" | "percent")
legend: ("table" | "list" | "hidden")
rightUnit?: string
} | {
kind: "stat"
id: string
title: string
description: string
position: {
x: number
y: number
width: number
height: number
}
/**
 * @maxItems 26
 */
queries: {
expression: string
legend: string
axis: ("left" | "right")
hidden: boolean
}[]
unit: string
decimals?: number
/**
 * @maxItems 20
 */
thresholds: {
value: number
color: string
}[]
/**
 * @maxItems 100
 */
mappings: {
from?: number
to?: number
text: string
color?: string
}[]
reduce: ("last" | "min" | "max" | "mean" | "sum" | "count" | "first")
sparkline: boolean
colored: ("none" | "value" | "background")
} | {
kind: "gauge"
id: string
title: string
description: string
position: {
x: number
y: number
width: number
height: number
}
/**
 * @maxItems 26
 */
queries: {
expression: string
legend: string
axis: ("left" | "right")
hidden: boolean
}[]
unit: string
decimals?: number
/**
 * @maxItems 20
 */
thresholds: {
value: number
color: string
}[]
/**
 * @maxItems 100
 */
mappings: {
from?: number
to?: number
text: string
color?: string
}[]
reduce: ("last" | "min" | "max" | "mean" | "sum" | "count" | "first")
min?: number
max?: number
} | {
kind: "bar"
id: string
title: string
description: string
position: {
x: number
y: number
width: number
height: number
}
/**
 * @maxItems 26
 */
queries: {
expression: string
legend: string
axis: ("left" | "right")
hidden: boolean
}[]
unit: string
decimals?: number
/**
 * @maxItems 20
 */
thresholds: {
value: number
color: string
}[]
/**
 * @maxItems 100
 */
mappings: {
from?: number
to?: number
text: string
color?: string
}[]
reduce: ("last" | "min" | "max" | "mean" | "sum" | "count" | "first")
min?: number
max?: number
limit: number
} | {
kind: "table"
id: string
title: string
description: string
position: {
x: number
y: number
width: number
height: number
}
/**
 * @maxItems 26
 */
queries: {
expression: string
legend: string
axis: ("left" | "right")
hidden: boolean
}[]
unit: string
decimals?: number
/**
 * @maxItems 20
 */
thresholds: {
value: number
color: string
}[]
/**
 * @maxItems 100
 */
mappings: {
from?: number
to?: number
text: string
color?: string
}[]
reduce: ("last" | "min" | "max" | "mean" | "sum" | "count" | "first")
sort?: string
descending: boolean
} | {
kind: "heatmap"
id: string
title: string
description: string
position: {
x: number
y: number
width: number
height: number
}
/**
 * @maxItems 26
 */
queries: {
expression: string
legend: string
axis: ("left" | "right")
hidden: boolean
}[]
unit: string
decimals?: number
/**
 * @maxItems 20
 */
thresholds: {
value: number
color: string
}[]
/**
 * @maxItems 100
 */
mappings: {
from?: number
to?: number
text: string
color?: string
}[]
scale: ("linear" | "logarithmic")
} | {
kind: "text"
id: string
title: string
description: string
position: {
x: number
y: number
width: number
height: number
}
content: string
} | {
kind: "row"
id: string
title: string
description: string
position: {
x: number
y: number
width: number
height: number
}
collapsed: boolean
})[]
}
