//! What is wrong with what a person gave, in Chinese.

use relay::model::problem::Problem;

pub(super) fn problem(problem: &Problem) -> String {
    match problem {
        Problem::Required => "此项必填。".to_owned(),
        Problem::TooLong { max } => format!("最多 {max} 个字符。"),
        Problem::TooShort { min } => format!("至少 {min} 个字符。"),
        Problem::BadCharacters => "含有此处不能使用的字符。".to_owned(),
        Problem::Taken => "已有同名项，请换一个名称。".to_owned(),
        Problem::NotADay => "须为日期，例如 2026-11-24。".to_owned(),
        Problem::NotAPrice => "须为美元价格，例如 2.5。".to_owned(),
        Problem::BadUrl => "不是可用的 http:// 或 https:// 地址。".to_owned(),
        Problem::OutOfRange { min, max } => format!("须在 {min} 到 {max} 之间。"),
        Problem::NotFound => "已不存在。".to_owned(),
        Problem::WrongCredentials => "用户名或密码不正确。".to_owned(),
        Problem::NotAKey => "这不是密钥：密钥由 cr_ 和 64 位十六进制数字组成。".to_owned(),
        Problem::UnknownKey => "此处没有该密钥，可能已被删除或更换。".to_owned(),
        Problem::KeyDisabled => "该密钥已停用，请联系发放者。".to_owned(),
        Problem::KeyExpired { at } => format!("该密钥已于 {at} 到期。"),
        Problem::SameAsName => "密码不能与用户名相同。".to_owned(),
        Problem::WrongPassword => "当前密码不正确。".to_owned(),
        Problem::SlowDown { retry_after_s } => format!("尝试次数过多，请在 {retry_after_s} 秒后再试。"),
        Problem::SetupLinkInvalid => "此设置链接已失效。最新的链接在服务器启动时已打印。".to_owned(),
        Problem::SetupDone => "设置已完成，请直接登录。".to_owned(),
        Problem::SignedOut => "您已退出，请重新登录。".to_owned(),
        Problem::SignInOver => "此次登录已结束，或是在别处开始的。请重新开始。".to_owned(),
        Problem::OtherSignIn => "此授权码属于另一次登录。请重新打开链接，并粘贴其显示的内容。".to_owned(),
        Problem::AccessDenied => "未在服务商页面上允许访问。".to_owned(),
        Problem::LinkPasted => "这是要打开的地址。请粘贴允许访问之后页面显示的内容。".to_owned(),
        Problem::NotPasted { why } => format!("无法使用：{why}。"),
        Problem::CodeRefused { words } => format!("服务商不接受此授权码：{words}。请重新打开链接获取新的。"),
        Problem::ProxyFailed { cause } => format!("代理出错：{cause}。"),
        Problem::ProviderFailed { cause } => format!("无法请求服务商：{cause}。请重试。"),
        Problem::Misconfigured { cause } => format!("设置有误：{cause}。"),
        Problem::OtherOwner { wanted, found } => format!("您以 {found} 登录，但此账户属于 {wanted}。"),
        Problem::NeedsProject { words } => {
            format!("此账户需要自己的 Google Cloud 项目，请在上方填写其 ID。{words}")
        }
        Problem::NeedsVerification { link, words } => format!("Google 要求先验证此账户：{link}。{words}"),
        Problem::TicketOver => "此票据已使用或已过期，请重新兑换授权码。".to_owned(),
        Problem::Conflict { why } => why.clone(),
        Problem::Internal => "服务器出错，原因见其日志。".to_owned(),
    }
}
