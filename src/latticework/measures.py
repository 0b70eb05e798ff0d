"""What the measures are called and mean in plain words, in both languages.

One sentence each, for readers who are no network scientists. The formulas stand with the fields of
:class:`latticework.structure.Shares` and :class:`latticework.companions.Companions`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The name of a measure, and a sentence on what it says."""

    name: str
    plain: str


def words(measure: str, language: str) -> Words:
    """The words for a measure in ``en`` or ``zh``."""
    return WORDS[measure][language]


def _both(en: str, plain_en: str, zh: str, plain_zh: str) -> dict[str, Words]:
    return {"en": Words(en, plain_en), "zh": Words(zh, plain_zh)}


WORDS = {
    "mediated": _both(
        "Mediated",
        "The share of the pairs of the hub's partners that meet only through the hub.",
        "中介",
        "枢纽的伙伴两两成对，其中只经由枢纽相联系者所占份额。",
    ),
    "convened": _both(
        "Convened",
        "The share of the pairs of the hub's partners that sit together only in arrangements where "
        "the hub sits too.",
        "召集",
        "枢纽的伙伴两两成对，其中仅在枢纽也参加的安排中同席者所占份额。",
    ),
    "autonomous": _both(
        "Autonomous",
        "The share of the pairs of the hub's partners that some arrangement ties without the hub.",
        "自主",
        "枢纽的伙伴两两成对，其中由不含枢纽的安排联系起来者所占份额。",
    ),
    "dependence": _both(
        "Hub dependence",
        "The share of the pairs of the hub's partners that lose every connection, however long, "
        "once all arrangements of the hub are taken away.",
        "枢纽依赖度",
        "去掉枢纽的全部安排之后，失去一切（无论多长）连接的伙伴对所占份额。",
    ),
    "dependence_hub_only": _both(
        "Hub dependence (hub alone)",
        "The share of the pairs of the hub's partners that lose every connection, however long, "
        "once the hub leaves all its arrangements and the other members go on.",
        "枢纽依赖度（仅去掉枢纽）",
        "枢纽退出其全部安排而其余成员照旧时，失去一切（无论多长）连接的伙伴对所占份额。",
    ),
    "degree_centralization": _both(
        "Degree centralization",
        "How far ties gather at one state, whichever it is: 1 if every tie is with that state, 0 "
        "if all states have as many ties.",
        "度数中心势",
        "联系在多大程度上集中于某一国（不论哪国）：全部联系均与该国缔结时为1，各国联系数相等时为0。",
    ),
    "betweenness_centralization": _both(
        "Betweenness centralization",
        "How far one state, whichever it is, stands between all others: 1 if they reach each other "
        "only through it, 0 if none stands between others more than the rest.",
        "中介中心势",
        "某一国（不论哪国）在多大程度上居于其他各国之间：彼此只能经由该国相通时为1，无一国比别国更居其间时为0。",
    ),
    "hub_share": _both(
        "Hub's share of tie weight",
        "How much of the weight of all ties is the hub's, where each member of an arrangement "
        "spreads a weight of 1 over the other members.",
        "枢纽所占联系权重",
        "全部联系的权重中属于枢纽的份额；安排的每一成员把权重1平均分给其余成员。",
    ),
    "spoke_density": _both(
        "Density among the others",
        "The share of the pairs of states other than the hub that are tied to each other.",
        "其余国家间的密度",
        "枢纽以外的国家两两成对，其中彼此有联系者所占份额。",
    ),
    "constraint": _both(
        "Constraint on the hub",
        "How far the hub's ties lead back to the same states: low if it has many partners that are "
        "not tied to each other, high if they are few or tied.",
        "枢纽所受约束",
        "枢纽的联系在多大程度上又归于同一些国家：伙伴多而彼此无联系时低，伙伴少或彼此相联系时高。",
    ),
    "effective_size": _both(
        "Effective size",
        "The number of the hub's partners, less the average number of other partners that each of "
        "them is tied to.",
        "有效规模",
        "枢纽的伙伴数，减去每个伙伴平均与之相联系的其他伙伴数。",
    ),
    "clustering": _both(
        "Clustering around the hub",
        "The share of the pairs of the hub's partners that are tied to each other, by whatever "
        "arrangement.",
        "枢纽的聚类系数",
        "枢纽的伙伴两两成对，其中彼此有联系（不论何种安排）者所占份额。",
    ),
    "core_periphery": _both(
        "Core-periphery fit",
        "How closely the web resembles a core whose states are tied to each other and to all the "
        "rest, while the rest have no ties among themselves: 1 if exactly so.",
        "核心—边缘拟合度",
        "网络与“核心各国彼此相联系并联系其余各国、其余各国之间毫无联系”这一图式的相近程度：完全相符为1。",
    ),
    "transitivity": _both(
        "Transitivity",
        "How often two states that are both tied to a third are tied to each other.",
        "传递性",
        "同与第三国相联系的两国，彼此也相联系的比例。",
    ),
    "efficiency_loss": _both(
        "Efficiency lost without the hub",
        "The share of the web's efficiency (how short the ways between states are) that is lost if "
        "the hub is taken away.",
        "去掉枢纽的效率损失",
        "去掉枢纽之后，网络效率（各国之间路径之短）所损失的份额。",
    ),
    "multilateral_share": _both(
        "Multilateral share",
        "The share of memberships that are in arrangements of three or more named members.",
        "多边份额",
        "属于有三个或更多列名成员的安排的成员资格所占份额。",
    ),
}
"""For every measure, lead and companion, its words in ``en`` and ``zh``."""
