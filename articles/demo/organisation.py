"""The invented group: its departments on three levels and the channels of its newsroom."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoDepartment:
    """One unit; `parent` is the key of the unit above it, or empty at the top."""

    key: str
    name: str
    short_name: str
    parent: str = ""


@dataclass(frozen=True)
class DemoChannel:
    """One channel; `owner` is the key of the department that keeps it up to date."""

    slug: str
    name: str
    description: str
    owner: str
    parent: str = ""


DEPARTMENTS = (
    DemoDepartment("lanyue", "澜岳能源集团有限公司", "澜岳集团"),
    DemoDepartment("office", "集团办公室（董事会办公室）", "集团办公室", "lanyue"),
    DemoDepartment("publicity", "党委宣传部（企业文化部）", "宣传部", "lanyue"),
    DemoDepartment("hr", "人力资源部（人才发展中心）", "人力资源部", "lanyue"),
    DemoDepartment("production", "生产技术部（智能化办公室）", "生产技术部", "lanyue"),
    DemoDepartment("safety", "安全监察局（应急指挥中心）", "安全监察局", "lanyue"),
    DemoDepartment("union", "工会（职工服务中心）", "工会", "lanyue"),
    DemoDepartment("coal", "澜岳煤业有限公司", "煤业公司", "lanyue"),
    DemoDepartment("nonferrous", "澜岳有色金属有限公司", "有色公司", "lanyue"),
    DemoDepartment("newenergy", "澜岳新能源有限公司", "新能源公司", "lanyue"),
    DemoDepartment("logistics", "澜岳物流有限公司（铁路运营公司）", "物流公司", "lanyue"),
    DemoDepartment("equipment", "澜岳装备制造有限公司", "装备公司", "lanyue"),
    DemoDepartment("institute", "澜岳工程设计院（矿山监测研究所）", "工程设计院", "lanyue"),
    DemoDepartment("services", "澜岳实业有限公司（后勤服务中心）", "实业公司", "lanyue"),
    DemoDepartment("liping", "栎坪煤矿", "栎坪煤矿", "coal"),
    DemoDepartment("mogou", "墨沟煤矿", "墨沟煤矿", "coal"),
    DemoDepartment("prep", "望岫选煤厂", "望岫选煤厂", "coal"),
    DemoDepartment("copper", "赤砚铜矿", "赤砚铜矿", "nonferrous"),
    DemoDepartment("windfarm", "长脊风电场", "长脊风电场", "newenergy"),
    DemoDepartment("solar", "南垴光伏电站", "南垴光伏", "newenergy"),
    DemoDepartment("rail", "铁路机务段", "机务段", "logistics"),
    DemoDepartment("port", "汐台港区", "汐台港区", "logistics"),
    DemoDepartment("supports", "液压支架厂", "支架厂", "equipment"),
    DemoDepartment("heating", "供热分公司", "供热公司", "services"),
)

CHANNELS = (
    DemoChannel("news", "新闻中心", "集团和权属企业的新闻", "publicity"),
    DemoChannel("group-news", "集团新闻", "集团的会议、活动和重要进展", "publicity", "news"),
    DemoChannel("units", "企业动态", "来自各权属企业一线的稿件", "publicity", "news"),
    DemoChannel("commentary", "岳言", "评论员文章和系列评论", "publicity"),
    DemoChannel("notices", "通知公告", "通知、公告、通告和启事", "office"),
)
