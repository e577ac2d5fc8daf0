//! Chinese words for what the application names by identifier, as tables print them.

/// Returns the word people read; identifiers without one are printed as they are.
pub(crate) fn word(key: &str) -> &str {
    match key {
        "red" => "红 严重滞后",
        "yellow" => "黄 滞后",
        "open" => "开放",
        "closed" => "已关闭",
        "green" => "绿 正常",
        "ahead" => "绿 超前",
        "undefined" => "未定",
        "new_start" => "新开工",
        "continuing" => "续建",
        "preparation" => "前期",
        "completion" => "竣工",
        "concept" => "谋划",
        "reserve" => "储备",
        "implementation" => "实施",
        "completed" => "竣工投产",
        "cancelled" => "取消",
        "moved_out" => "调出",
        "merged" => "合并",
        "split" => "拆分",
        "government" => "政府投资",
        "enterprise" => "企业投资",
        "reporter" => "项目单位填报人",
        "clerk" => "发改委",
        "officer" => "行业主管部门",
        "leader" => "包联领导",
        "supervisor" => "督查室",
        "auditor" => "审计员",
        "security_administrator" => "安全保密员",
        "system_administrator" => "系统管理员",
        "approver" => "审批部门工作人员",
        "" => "未定",
        other => other,
    }
}
