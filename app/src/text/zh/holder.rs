//! The key holder's page in Chinese.

use relay::model::limit::{Measure, Per};

use crate::text::shape::holder::Holder;

pub(super) const HOLDER: Holder = Holder {
    title: "您的密钥",
    key: "密钥",
    hint: "密钥只保存在本标签页的内存中，离开即消失。",
    show: "查看余量",
    operator: "您是管理员？",
    sign_in: "登录",
    holder: "您持有密钥？",
    look: "查看它的余量",
    forget: "忘记密钥",
    active: "有效",
    former_until: |time| format!("该密钥已更换，旧密钥有效至 {time}。"),
    days_from_first_use: |days| format!("自首次使用起 {days} 天"),
    in_memory: "密钥只保存在本标签页的内存中。",
    left: |measure, per| {
        let what = match measure {
            Measure::Requests => "剩余请求",
            Measure::Tokens => "剩余 token",
            Measure::Cost => "剩余",
        };
        format!("{}{what}", when(per))
    },
    of: |amount| format!("共 {amount}"),
    cost_today: "今天已用",
    list_price: "按标价",
    requests_today: "今天的请求",
    last_one: |ago| format!("最近一次 {ago}"),
    none_in_week: "七天内没有",
    tokens_today: "今天的 token",
    limits: "限额",
    used: "已用",
    reserved: "进行中的调用所预留",
    no_limit: "该密钥没有限额，但用量仍会统计。",
    limit_name: |measure, per| {
        let what = match measure {
            Measure::Requests => "请求",
            Measure::Tokens => "token",
            Measure::Cost => "费用",
        };
        format!("{}{what}", when(per))
    },
    left_over: |left| format!("剩余 {left}"),
    left_and_reserved: |left, reserved| format!("剩余 {left}，预留 {reserved}"),
    resets: |time, span| format!("{time} 重置，还有 {span}"),
    slides: |time| format!("滑动窗口，{time} 起逐步恢复"),
    near: "即将用尽",
    full: "已用尽",
    at_once: "并发调用",
    more_may: |more, waiting| match waiting {
        0 => format!("还可开始 {more} 个"),
        _ => format!("还可开始 {more} 个，{waiting} 个等待中"),
    },
    free: |minutes| format!("{minutes}\u{202f}分钟内的 token 计数与模型列表"),
    services: "服务",
    allowed: "可用模型",
    blocked: "禁用模型",
    week: "七天",
    week_sum: |cost| format!("按标价 {cost}"),
    nothing_priced: "这几天的调用都没有标价。",
    by_model: "今天（按模型）",
    use_it: "使用方法",
};

fn when(per: Per) -> String {
    match per {
        Per::Minutes(minutes) => format!("{minutes}\u{202f}分钟内"),
        Per::Day => "今天".to_owned(),
        Per::Month => "本月".to_owned(),
        Per::Total => "总".to_owned(),
    }
}
