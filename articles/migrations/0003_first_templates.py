"""The kinds of stories every publicity department writes, to begin with and to be changed."""

from django.db import migrations

NOTICE = """
<p>集团各部门，各权属企业：</p>
<p>为【目的】，经【会议或领导】研究同意，现就【事项】有关事宜通知如下。</p>
<h2>时间和地点</h2>
<p>【年月日，几时】，【地点】。</p>
<h2>参加范围</h2>
<p>【单位和人员】。</p>
<h2>有关要求</h2>
<p>一、【要求一】。</p>
<p>二、【要求二】。请于【截止日期】前将【材料】报送【联系部门】。</p>
<p>联系人：【联系人】，电话：【办公电话】。</p>
<p>特此通知。</p>
<p>【发文单位】</p>
<p>【发文日期】</p>
"""

MEETING = """
<p>【月日】，【单位】召开【会议名称】，【会议主题，一句话】。【出席领导：职务和姓名】出席会议并讲话，【主持人：职务和姓名】主持会议。</p>
<p>会议指出，【形势或成绩，写事实和数字】。</p>
<h2>【四字小标题】 【四字小标题】</h2>
<p>会议强调，【重点工作一】。</p>
<p>会议要求，【重点工作二】。</p>
<h2>【四字小标题】 【四字小标题】</h2>
<p>会上，【发言单位】作了交流发言，【发言要点】。</p>
<p>【参会人员范围】参加会议。会议以视频形式召开，在【分会场】设分会场。</p>
<p>（【单位】 【作者姓名】）</p>
"""

PHOTO_STORY = """
<p>【月日】，【地点】，【谁在做什么】。【一句话交代背景：为什么、第几次、有多少人参加】。</p>
<p>（【单位】 【作者姓名】 文/图）</p>
"""

TEMPLATES = (
    {
        "order": 1,
        "name": "通知",
        "purpose": "会议、活动、工作安排的通知：事项、时间、地点、要求、联系人。",
        "title": "关于【事项】的通知",
        "body": NOTICE,
        "tags": "通知",
    },
    {
        "order": 2,
        "name": "会议报道",
        "purpose": "会议消息：导语、会议指出、会议强调、会议要求、参会人员。",
        "title": "【单位】召开【会议名称】",
        "body": MEETING,
        "tags": "会议",
    },
    {
        "order": 3,
        "name": "图片新闻",
        "purpose": "以照片为主：一段导语，照片各配一句图注。",
        "title": "【谁在做什么，一句话】",
        "body": PHOTO_STORY,
        "tags": "图片新闻",
    },
)


def add(apps, schema_editor):
    StoryTemplate = apps.get_model("articles", "StoryTemplate")
    for template in TEMPLATES:
        words = dict(template, body=template["body"].replace("\n", ""))
        StoryTemplate.objects.using(schema_editor.connection.alias).get_or_create(
            name=words.pop("name"), defaults=words
        )


class Migration(migrations.Migration):
    dependencies = [("articles", "0002_writing_desk")]

    # Going back leaves them: the table itself goes with the migration before.
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
