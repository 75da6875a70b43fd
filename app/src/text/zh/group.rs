//! Groups of accounts in Chinese.

use crate::text::shape::group::Group;

pub(super) const GROUP: Group = Group {
    title: "分组",
    why: "绑定到分组的密钥只由其中的账号服务",
    none: "还没有分组。可建立分组，把账号留给特定的密钥。",
    new: "新建分组",
    name: "名称",
    accounts: "账号",
    keys: "绑定的密钥",
    nobody: "没有账号",
    gone: "此分组已不存在。",
    cancel: "取消",
    save: "保存",
    delete: |name| format!("删除 {name}"),
    delete_why: "其中的账号不受影响。",
    delete_bound: |keys| format!("有 {keys} 个密钥绑定到它，请先删除这些密钥。"),
    of_name: |name| format!("分组 {name}"),
};
