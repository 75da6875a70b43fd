//! The list of calls and the explorer in Chinese.

use relay::model::explore::{Measure, Span, SplitBy, Step};

use crate::text::shape::usage::{Calls, Usage};

pub(super) const CALLS: Calls = Calls {
    find: "查找请求",
    find_by: "编号、密钥、账号、模型、原因",
    all: "全部",
    whole: "此列表的全部请求",
    on_page: |rows| format!("本页 {rows} 条请求"),
    newer: |count| format!("{count} 条新请求"),
    since: |time| format!("自 {time} 起；列表保持不动，点击后才显示。"),
    none: "没有符合的请求",
    none_next: "账目中没有这样的请求。请去掉一个筛选条件，或选择更长的范围。",
    show_all: "显示全部",
    rows: "每页",
    first: "最新",
    next: "下一页",
};

pub(super) const USAGE: Usage = Usage {
    span_name: |span| match span {
        Span::Hours24 => "24 小时",
        Span::Today => "今天",
        Span::Days7 => "7 天",
        Span::Days30 => "30 天",
        Span::Month => "本月",
        Span::All => "全部",
        Span::Days { .. } | Span::Instants { .. } => "自定义",
    },
    owner: "所有者",
    tag: "标签",
    filter: "筛选",
    any: "不限",
    apply: "应用",
    without: |filter| format!("去掉筛选 {filter}"),
    custom: "自定义",
    from: "从",
    to: "到",
    split_by: "分组",
    split_name: |by| match by {
        SplitBy::Model => "模型",
        SplitBy::Key => "密钥",
        SplitBy::Account => "账号",
        SplitBy::Owner => "所有者",
        SplitBy::Tag => "标签",
        SplitBy::Outcome => "结果",
        SplitBy::Day => "天",
        SplitBy::Hour => "小时",
    },
    measure: "度量",
    measure_name: measure,
    title: |what, step| match step {
        Step::Hour => format!("每小时{}", measure(what)),
        Step::Day => format!("每天{}", measure(what)),
    },
    from_to: |from, to| format!("{from} 至 {to}"),
    by: |by| {
        match by {
            SplitBy::Model => "按模型",
            SplitBy::Key => "按密钥",
            SplitBy::Account => "按账号",
            SplitBy::Owner => "按所有者",
            SplitBy::Tag => "按标签",
            SplitBy::Outcome => "按结果",
            SplitBy::Day => "按天",
            SplitBy::Hour => "按小时",
        }
        .to_owned()
    },
    all_of: |by| {
        match by {
            SplitBy::Model => "全部模型",
            SplitBy::Key => "全部密钥",
            SplitBy::Account => "全部账号",
            SplitBy::Owner => "全部所有者",
            SplitBy::Tag => "全部请求",
            SplitBy::Outcome => "全部结果",
            SplitBy::Day => "全部日期",
            SplitBy::Hour => "全部小时",
        }
        .to_owned()
    },
    overlaps: "带多个标签的密钥会计入每个标签，因此各部分之和大于总计。",
    cache_write: "缓存写入",
    share: "占比",
    per_request: "每次请求",
    tokens_each: |tokens| format!("{tokens} 个 token"),
    first_byte: "首字节",
    in_the_mean: "平均",
    whole_answer: |span| format!("完整应答 {span}"),
    failed: |count| format!("{count} 次被拒或失败"),
    none: "无",
    nothing: "没有用量",
    nothing_next: "此范围内没有符合筛选的用量。请选择更长的范围，或去掉一个筛选条件。",
    more_rows: |rows| format!("另有 {rows} 项见下载。"),
    download: |format| format!("下载为 {format}"),
};

fn measure(measure: Measure) -> &'static str {
    match measure {
        Measure::Cost => "费用",
        Measure::Requests => "请求",
        Measure::Failed => "被拒或失败",
        Measure::Tokens => "token",
        Measure::Input => "输入",
        Measure::Output => "输出",
        Measure::CacheWrite => "缓存写入",
        Measure::CacheRead => "缓存读取",
        Measure::FirstByte => "首字节",
        Measure::Duration => "完整应答",
    }
}
