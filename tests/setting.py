"""Sets statutes in columns, as pages are set, so that tests know how they read; laws have no copyright."""

from __future__ import annotations

FLAG = (
    "第一条 为了维护国旗的尊严，规范国旗的使用，增强公民的国家观念，弘扬爱国主义精神，"
    "培育和践行社会主义核心价值观，根据宪法，制定本法。",
    "第二条 中华人民共和国国旗是五星红旗。",
    "中华人民共和国国旗按照中国人民政治协商会议第一届全体会议主席团公布的国旗制法说明制作。",
    "第三条 国旗的通用尺度为国旗制法说明中所列明的五种尺度。特殊情况使用其他尺度的国旗，"
    "应当按照通用尺度成比例适当放大或者缩小。",
    "国旗、旗杆的尺度比例应当适当，并与使用目的、周围建筑、周边环境相适应。",
    "第四条 中华人民共和国国旗是中华人民共和国的象征和标志。",
    "每个公民和组织，都应当尊重和爱护国旗。",
)
ARCHIVES = (
    "第二条 从事档案收集、整理、保护、利用及其监督管理活动，适用本法。",
    "第三条 坚持中国共产党对档案工作的领导。各级人民政府应当加强档案工作，"
    "把档案事业纳入国民经济和社会发展规划，将档案事业发展经费列入政府预算。",
    "第四条 档案工作实行统一领导、分级管理的原则，维护档案完整与安全，便于社会各方面的利用。",
    "第五条 一切国家机关、武装力量、政党、团体、企业事业单位和公民都有保护档案的义务，享有依法利用档案的权利。",
    "第六条 国家鼓励和支持档案科学研究和技术创新，促进科技成果在档案收集、整理、保护、"
    "利用等方面的转化和应用，推动档案科技进步。",
)
SURVEY = (
    "第二条 在中华人民共和国领域和中华人民共和国管辖的其他海域从事测绘活动，应当遵守本法。",
    "本法所称测绘，是指对自然地理要素或者地表人工设施的形状、大小、空间位置及其属性等进行测定、采集、"
    "表述，以及对获取的数据、信息、成果进行处理和提供的活动。",
    "第三条 测绘事业是经济建设、国防建设、社会发展的基础性事业。各级人民政府应当加强对测绘工作的领导。",
    "第四条 国务院测绘地理信息主管部门负责全国测绘工作的统一监督管理。"
    "国务院其他有关部门按照国务院规定的职责分工，负责本部门有关的测绘工作。",
    "第五条 从事测绘活动，应当使用国家规定的测绘基准和测绘系统，执行国家规定的测绘技术规范和标准。",
)
NOT_FIRST = "，。、；：？！”’）》"


def wrapped(paragraphs: tuple[str, ...], measure: int, indent: str = "  ") -> list[str]:
    """Return the lines of a column of `measure` characters; first lines are set in, no closing mark begins a line."""
    lines = []
    for paragraph in paragraphs:
        rest, room = paragraph.replace(" ", "　"), measure - 2
        lead = indent
        while rest:
            size = min(room, len(rest))
            while size < len(rest) and rest[size] in NOT_FIRST:
                size -= 1
            lines.append(lead + rest[:size].replace("　", " "))
            rest, room, lead = rest[size:], measure, ""
    return lines


def beside(*columns: list[str], gutter: int = 4) -> str:
    """Return the columns side by side, a code point a column of the line, as fixed-pitch text modes print them."""
    edges = [0]
    for column in columns[:-1]:
        edges.append(edges[-1] + max(map(len, column)) + gutter)
    rows = []
    for row in range(max(map(len, columns))):
        line = ""
        for edge, column in zip(edges, columns, strict=True):
            if row < len(column) and column[row]:
                line = line.ljust(edge) + column[row]
        rows.append(line)
    return "\n".join(rows) + "\n"


def in_turn(*columns: list[str]) -> str:
    """Return the lines of the columns row by row, a line each."""
    rows = range(max(map(len, columns)))
    return "\n".join(column[row].strip() for row in rows for column in columns if row < len(column)) + "\n"


def halves(lines: list[str], count: int) -> list[list[str]]:
    """Part the lines of one text into columns of the same depth."""
    depth = -(-len(lines) // count)
    return [lines[start : start + depth] for start in range(0, len(lines), depth)]


TABLE = """名称      地址          电话
图书馆     解放路十二号      2023456
文化宫     人民路一百号      2034567
体育馆     建设街二十号      2045678
博物馆     文化路三十号      2056789
"""
LONG_TABLE = """条款          规定的内容                        执行的机关
第六条         国旗应当按照规定的比例制作            国务院办公厅
第七条         国旗应当早晨升起傍晚降下              县级以上人民政府
第八条         升挂国旗可以举行升旗仪式              全日制学校
第九条         节日应当升挂国旗                      企业事业组织
第十条         涉外活动场所升挂国旗的办法            外交部
第十一条       船舶升挂国旗的办法                    国务院交通主管部门
"""
VERSE = """    白日依山尽，    黄河入海流。
    欲穷千里目，    更上一层楼。

    春眠不觉晓，    处处闻啼鸟。
    夜来风雨声，    花落知多少。

    床前明月光，    疑是地上霜。
    举头望明月，    低头思故乡。
"""
CONTENTS = """第一章  总则 …………………………………………………    1
第二章  公民的基本权利和义务 …………………………    7
第三章  国家机构 ……………………………………………   12
第四章  国旗、国歌、国徽、首都 ………………………   30
"""
NAMES = """王建国    李淑芬    张伟      刘洋
陈静      杨秀英    赵磊      黄丽华
周涛      吴敏      徐强      孙桂兰
马超      朱红梅    胡军      郭玉珍
高翔      林雪梅    何平      罗春燕
"""
CODE = """def margin(left, right):      # 左右边距
    if left > right:          # 左边大
        return left - right   # 返回差
    total = left + right      # 求和
    return total              # 返回和
"""
FORM = """甲方：                          乙方：
地址：                          地址：
电话：                          电话：
法定代表人：                    法定代表人：
日期：    年    月    日        日期：    年    月    日
"""
WITHOUT_COLUMNS = (TABLE, LONG_TABLE, VERSE, CONTENTS, NAMES, CODE, FORM)
