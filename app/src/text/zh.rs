//! Chinese, simplified.

mod account;
mod dashboard;
mod detail;
mod gate;
mod group;
mod holder;
mod key;
mod limit;
mod problem;
mod request;
mod usage;
mod wizard;

use relay::model::outcome::Outcome;

use super::Language;
use super::shape::{Frame, Live, Part, State, Text, Time};

pub(super) static TEXT: Text = Text {
    language: Language::Zh,
    frame: Frame {
        skip: "跳到正文",
        navigation: "主导航",
        overview: "总览",
        requests: "请求",
        usage: "用量",
        keys: "密钥",
        accounts: "账号",
        more: "更多",
        sign_out: "退出登录",
        version: |version| format!("版本 {version}"),
        language: "语言",
        theme: "外观",
        system: "跟随系统",
        light: "浅色",
        dark: "深色",
        not_found: "这里没有内容",
        not_found_why: "此地址没有对应的页面：可能已移动，或链接有误。",
        shortcuts: "键盘快捷键",
        go_to: |room| format!("前往{room}"),
        find: "在本页搜索",
        show_shortcuts: "显示此列表",
    },
    live: Live {
        live: "实时",
        as_of: |time| format!("截至 {time}"),
        behind: |seconds| format!("滞后 {seconds} 秒"),
        retry_in: |seconds| format!("连接断开，{seconds} 秒后重试"),
        reconnecting: "正在重新连接",
        why: "显示“实时”时，数字会自动更新。",
    },
    part: Part {
        close: "关闭",
        copy: "复制",
        copied: "已复制",
        copy_failed: "请选中后手动复制",
        again: "重试",
        loading: "正在载入",
        not_read: "此处无法读取。",
        unreachable: "服务器没有应答，显示的是之前的数据。",
        internal: "服务器出错，原因见其日志。",
        as_table: "以表格查看",
        read_out: "用方向键逐列读取。",
        all: "合计",
        show_all: |rows| format!("显示全部 {rows} 条"),
        show_five: "只显示五条",
        exact_tokens: |number| format!("{number} 个 token"),
    },
    time: Time {
        date: |at| format!("{}年{}月{}日 {}", at.year, at.month, at.day, at.clock()),
        day: |at| format!("{}月{}日", at.month, at.day),
        now: "刚刚",
        ago: |span| format!("{span}前"),
        days: |days| format!("{days}\u{202f}天"),
        hours: |hours| format!("{hours}\u{202f}小时"),
        minutes: |minutes| format!("{minutes}\u{202f}分钟"),
        minutes_seconds: |minutes, seconds| format!("{minutes}\u{202f}分 {seconds}\u{202f}秒"),
        seconds: |seconds| format!("{seconds}\u{202f}秒"),
        milliseconds: |milliseconds| format!("{milliseconds}\u{202f}毫秒"),
    },
    state: State {
        able: "可用",
        cooling: "冷却中",
        parked: "需要处理",
        paused: "已暂停",
        until: |time| format!("至 {time}"),
        since: |time| format!("自 {time}"),
        claude_oauth: "Claude 登录",
        claude_api_key: "Claude API 密钥",
        gemini_oauth: "Google 登录",
        gemini_api_key: "Gemini API 密钥",
        needs_sign_in: "需要重新登录",
        sandbox: "沙盒",
        sandbox_why: "应答由中继自行编造，不产生费用。",
        outcome: |outcome| match outcome {
            Outcome::Ok => "已送达",
            Outcome::ClientGone => "客户端离开",
            Outcome::UpstreamCut => "中断",
            Outcome::UpstreamError => "失败",
            Outcome::Rejected => "被拒",
            Outcome::Abandoned => "未完结",
        },
        switches: |times| format!("切换 {times} 次"),
    },
    dashboard: dashboard::DASHBOARD,
    gate: gate::GATE,
    welcome: gate::WELCOME,
    key: key::KEY,
    limit: limit::LIMIT,
    account: account::ACCOUNT,
    detail: detail::DETAIL,
    group: group::GROUP,
    request: request::REQUEST,
    calls: usage::CALLS,
    usage: usage::USAGE,
    holder: holder::HOLDER,
    fields: wizard::FIELDS,
    wizard: wizard::WIZARD,
    problem: problem::problem,
};
