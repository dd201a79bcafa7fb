"""Days, and parts of months, that sentences of news, statements and transcripts name; all are invented.

What is labelled is what a careful reader would write down: the days named, and first/last day of part of a month. A
year, quarter, month or week alone is none, and neither is a count of weeks or a date that could be read two ways.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tradetalks.record.reader.dates import dates

#: Below each day of publication: sentence | what it names | why it is not found yet. Indented lines go on.
SENTENCES = r"""
# 2025-07-10
Brussels delivered its revised text on Tuesday, two officials confirmed. | 2025-07-08
Envoys will sit down again on Tuesday in Geneva. | 2025-07-15
The duty lapses Monday unless the cabinet renews it. | 2025-07-14
Speaking Monday, the commissioner praised the tone of the call. | 2025-07-07
# 2025-06-20
Ministers are due to meet on Sunday, after officials traded drafts on Thursday. | 2025-06-19 2025-06-22
Next Wednesday the committee votes on the quota bill. | 2025-06-25
Last Wednesday's proposal is no longer on the table. | 2025-06-18
The delegation flew home on Friday of last week with nothing signed. | 2025-06-13
Hearings open on Tuesday next week and run for three days. | 2025-06-24
On Monday evening Tokyo time the minister took a call from Washington. | 2025-06-16
# 2025-05-05
Offers are to be submitted by noon EDT on Friday. | 2025-05-09
The truce was sealed over the weekend and the paperwork follows on Wednesday. | 2025-05-07
The ministry declined to comment on Sunday, a public holiday. | 2025-05-04
Talks resume this Thursday in Rome. | 2025-05-08
He left Ottawa this past Saturday. | 2025-05-03
Exports always dip on a Friday before the holidays. |
Shoppers stayed away on Cyber Monday and again on Super Tuesday, retailers said. |
The hotline is staffed Mondays to Fridays, 24/7 in an emergency. |
# 2025-09-17
The previous Friday the two sides had still been far apart; on Tuesday they shook hands. | 2025-09-12 2025-09-16
The vote was on Thursday, September 11, and the following Monday the law was published. | 2025-09-11 2025-09-15
The council will take up the file on Monday week. | 2025-09-29
The rates change a week from Friday. | 2025-09-26
Members vote on the first Tuesday of October. | 2025-10-07
The order lapses on the last Friday in November. | 2025-11-28
# 2025-04-09
The pause was announced this afternoon and binds customs from tomorrow. | 2025-04-09 2025-04-10
The duties that came into force overnight cover everything but copper. |
The two leaders spoke by telephone yesterday evening. | 2025-04-08
The day after tomorrow our negotiators are back in Washington. | 2025-04-11
The day before yesterday nobody in this house had heard of it. | 2025-04-07
Tonight we hit back, the premier told the chamber. | 2025-04-09
Higher rates apply as of today to all shipments. | 2025-04-09
The tariffs of tomorrow will not be those of today, he mused. | | tomorrow and today are now and later here
Today's talks ran late. | 2025-04-09
Ten days ago the ministry had called the figure absurd. | 2025-03-30
The suspension ends 90 days from today. | 2025-04-09 2025-07-08
Comments must reach the office within 90 days. |
Importers hailed the 90-day pause as a breathing space. |
They expect a first draft in two weeks. |
Two weeks ago the mood had been sour. |
A fortnight later the embargo was gone. |
A week from today the list will be final. | 2025-04-09 2025-04-16
Two weeks ago today we were told to expect nothing. | 2025-03-26 2025-04-09
The ceasefire expires in four days, and no one has asked for more time. | 2025-04-13
Freight rates doubled in four days. |
The order of March 12 was followed three days later by a list of exceptions. | 2025-03-12 2025-03-15
They met on April 3, shook hands the following day and fell out the day after that. | 2025-04-03 2025-04-04 2025-04-05
On 3 April the plan leaked; the day before, the minister had denied it existed. | 2025-04-02 2025-04-03
Beijing answered on April 4, and on the same day filed a complaint in Geneva. | 2025-04-04
The tax was passed on April 1 and vetoed the next day. | 2025-04-01 2025-04-02
The levy took effect on March 4; a month later it was doubled. | 2025-03-04
Delivery takes 30 days, payment another 60. |
# 2025-06-30
The reprieve runs until July 9. | 2025-07-09
The reprieve runs until 9 July. | 2025-07-09
The reprieve runs until the 9th of July. | 2025-07-09
The reprieve runs until July 9th, at one minute past midnight. | 2025-07-09
The reprieve runs until July the 9th. | 2025-07-09
CHAIRMAN: So we are agreed on July ninth, then? | 2025-07-09
The reprieve runs until Jul. 9. | 2025-07-09
New schedules apply from Sept 1, or Sept. 15 for textiles. | 2025-09-01 2025-09-15
The regulation (OJ of 2025-06-24) enters into force on 2025-07-15T00:00:00Z. | 2025-06-24 2025-07-15
Stand: 27.06.2025. The next notice is due on 4.7.2025. | 2025-06-27 2025-07-04
The filing, stamped 06/27/2025, asks for relief. | 2025-06-27
Last updated 27/06/2025 at 18:00 CET. | 2025-06-27
A form dated 9/7/2025 was found in the annex. |
Posted 2025/06/27 by the trade bureau. | 2025-06-27
Entry summary 27-Jun-2025, release 30-JUN-2025. | 2025-06-27 2025-06-30
Effective August 1, the surcharge rises to 30 percent. | 2025-08-01
As of 7 August the higher rate will apply. | 2025-08-07
No later than 15 August, the Parties shall exchange lists. | 2025-08-15
It applies to goods entered on or after 12:01 a.m. eastern daylight time on August 7, 2025. | 2025-08-07
THE JULY 9 DEADLINE STANDS, SAYS TREASURY | 2025-07-09
Wednesday, the 9th of July, is the day to watch. | 2025-07-09
On the night of 8/9 July the old rates return. | 2025-07-08 2025-07-09
# 2025-04-18
TOKYO, April 17 (Wire) - Japan's envoy said he saw no cause for haste. | 2025-04-17
BRUSSELS, 17 Apr 2025 -- The Commission today published its list. | 2025-04-17 | today counts from publication, not
  from the dateline
(Washington, D.C., April 17, 2025) The Office announced a hearing. | 2025-04-17
Since January 20 the administration has signed eleven trade orders. | 2025-01-20
The 2 April announcement and the 9 April U-turn rattled buyers. | 2025-04-02 2025-04-09
April 2's charts are still on display. | 2025-04-02
The treaty was signed on the last day of February. | 2025-02-28
From the first day of May the exemption falls away. | 2025-05-01
# 2025-07-15
The chief negotiators met on July 8-9 in London. | 2025-07-08 2025-07-09
The chief negotiators met on 8 and 9 July in London. | 2025-07-08 2025-07-09
Rounds were held on 1, 4 and 11 July. | 2025-07-01 2025-07-04 2025-07-11
Rounds were held on July 1, 4 and 11. | 2025-07-01 2025-07-04 2025-07-11
The fair runs from 21 to 25 July. | 2025-07-21 2025-07-25
Customs will accept claims between 1 and 14 August. | 2025-08-01 2025-08-14
The window is July 28 through 31. | 2025-07-28 2025-07-31
Leaders gather on 30 August-1 September in Tianjin. | 2025-08-30 2025-09-01
Leaders gather on Aug. 30 & 31. | 2025-08-30 2025-08-31
The minister visits on the 28th and 29th of July. | 2025-07-28 2025-07-29
The letters went out on July 7 and 14 countries got one. | 2025-07-07
The duty began on July 1 and 10 days later it was gone. | 2025-07-01 2025-07-11
Rates rose on July 1 to 15 per cent. | 2025-07-01
Officials meet in the week of 21 July. | 2025-07-21
Officials meet the week beginning July 21. | 2025-07-21
# 2025-12-18
Carmakers asked for relief before January 15. | 2026-01-15
Since January 20 the administration has signed forty trade orders. | 2025-01-20
The fentanyl duty, imposed on March 4, was cut in November. | 2025-03-04
On April 2 the President held up a chart in the garden. | 2025-04-02
The quota opens on 2 January and closes on 31 March. | 2026-01-02 2026-03-31
The truce was extended until November 10 next year. | 2026-11-10
# 2026-01-12
He was in Seoul on December 29 and in Hanoi on the 30th. | 2025-12-29 2025-12-30
The court heard the case on 5 November last year. | 2025-11-05
The court heard the case on November 5 of last year. | 2025-11-05
The order of 2 April 2025 was amended on 9 April. | 2025-04-02 2025-04-09
Imports between 1 April and 30 June 2025 fell by a tenth. | 2025-04-01 2025-06-30
The permit is good from July 1, 2024 to June 30, 2026. | 2024-07-01 2026-06-30
In 2018, duties on washing machines began on February 7. | 2018-02-07
Next April 2 will be the second anniversary. | 2026-04-02
# 2025-03-05
The president, sworn in on January 20, promised action on day one. | 2025-01-20
Voters chose him on November 5. | 2024-11-05
A report is due on April 1, and duties will follow on April 2. | 2025-04-01 2025-04-02
A review will be completed by December 31. | 2025-12-31
The quota year begins on October 1. | 2025-10-01
# 2025-11-24
Since February 4 parcels have paid the full rate. | 2025-02-04
Both sides hold off on new port fees until November 10, 2026. | 2026-11-10
Higher dairy quotas take effect on March 1. | 2026-03-01
The suspension was prolonged to February 28. | 2026-02-28
# 2025-04-20
Tokyo aims to close the matter before the G7 summit in mid-June. | 2025-06-11/2025-06-20
A deal is thought possible in early July. | 2025-07-01/2025-07-10
A visit is pencilled in for late May. | 2025-05-21/2025-05-31
They hope to finish by the end of June. | 2025-06-21/2025-06-30
They hope to finish by end-June. | 2025-06-21/2025-06-30
They hope to finish by the end of the month. | 2025-04-21/2025-04-30
A second round is expected early next month. | 2025-05-01/2025-05-10
A second round is likely towards the end of May. | 2025-05-21/2025-05-31
The visit was set for late May or early June. | 2025-05-21/2025-05-31 2025-06-01/2025-06-10
Results are awaited in the second half of May. | 2025-05-16/2025-05-31
The next round is planned for the first week of May. | 2025-05-01/2025-05-07
The cabinet wants it done this month, or next quarter at the latest. |
Exports fell in the first half of 2025 and again in Q3, the bank predicts. |
In fiscal 2025 the ministry will spend less, and by 2030 nothing. |
Rice prices eased in spring; a summer deal is a hope. |
It should all be signed before the end of the year. |
Last week they talked, next week they will sign, said an aide. |
Steel imports in June 2024 were the lowest since March. |
Duties under section 232 of the 1962 act and chapter 87 of the schedule are unaffected. |
Line 8703.23.01 and heading 9903.94.05 stay at 2.5%. |
The G7, the Group of 20 and all 27 members backed it. |
A 2024 study put the loss at 10-12 percent, or 3 to 5 points. |
Theresa May may march on, but she may not win in the second half of the game. |
Call +1 202 555 0134 or 03-3581-0101, extension 12. |
In March 20 companies filed for relief, in April 31. |
In May 9 of the 12 members had signed. |
Article 5 March rules aside, lawyers said, nothing binds them. |
Chapter 11 May Follow, Steelmaker Warns |
He is 31; she turns 30, April her assistant says. |
At the end of the 14th and 15th rounds nobody smiled. |
It was the first of nine steps and the second of May's concessions. |
Unlike the tariffs of the 19th and early 20th centuries, these can go in a day. |
Judges of the 9th Circuit and readers of the Sunday Telegraph were unmoved. |
The ratio moved from 12/7 to 9/5 and then 1.4. |
Robinson Crusoe's Friday, not the day of the week, gave the programme its name. | | a weekday as a name
Version 3.2.2024-b of the tool and file 2025-04 are withdrawn. | | a version written like a date
Sen. April Jones and Judge August Meyer sided with June Park of Seoul. |
That may be; the day will come, some Monday or other. |
# 2025-10-08
Q: When do you see him? SECRETARY: On the 29th, in Busan, if nothing changes. | 2025-10-29
MR. SATO: I was in Washington on the first and the second, and I go again on the 14th. | 2025-10-01 2025-10-02
  2025-10-14 | on the first, alone, is seldom a day
As I said here on Monday, and as I'll say again on Monday, the offer stands. | 2025-10-06 2025-10-13
The Minister received the Ambassador this morning at the latter's request. The Ambassador had presented credentials on
  24 September. | 2025-09-24 2025-10-08
Pursuant to the Joint Statement of 21 August 2025, the Parties met on 6 and 7 October 2025. | 2025-08-21 2025-10-06
  2025-10-07
The Vice-Premier leaves for Kuala Lumpur on October 24 and returns three days later. | 2025-10-24 2025-10-27
Prime Minister's diary: 09:00 cabinet; 11:30 call with the President; 14:00 press. |
Effective 12:01 a.m. on October 14, a duty of 10 percent shall be imposed; on January 1, 2026, it rises to 30. |
  2025-10-14 2026-01-01
Minutes of the 3rd meeting, 12th session, item 7: adopted on 30 September. | 2025-09-30
India's festival season peaks on 20 October; exporters want relief by then. | 2025-10-20
Sunday's vote leaves the upper house hung; Monday is a holiday. | 2025-10-05 2025-10-13 | leaves is taken for what is
  to come
# 2026-01-12
The survey covers the period from 1 October to 31 December 2023. | 2023-10-01 2023-12-31
The licence ran from 1 October to 31 March 2024. | 2023-10-01 2024-03-31
# 2025-06-05
Fifty percent as of Wednesday: the foundries of Hamilton woke to a new price. | 2025-06-04 | as of is taken for what
  is to come
From Friday, trucks crossing at Laredo will need a second form. | 2025-06-06
The tax that was to begin on Monday never did. | 2025-06-02
By a decree of Tuesday, almonds are duty-free again. | 2025-06-03
The council rejected on Monday a plan that would have freed imports of milk. | 2025-06-02
He had refused to budge until Monday evening. | 2025-06-02 | until is taken for what is to come
What happens on Monday? Nobody at the ministry would say. | 2025-06-09 | happens tells no tense yet
Thursday's call lasted ninety minutes; a second is planned for Sunday. | 2025-06-05 2025-06-08
The paper's Sunday edition had the story first. | 2025-06-01
A spokesman confirmed on Wednesday (June 4) that the letter had arrived. | 2025-06-04
GENEVA, June 3 - Delegates meet here on Friday to weigh a truce. | 2025-06-03 2025-06-06
Seoul (5 June 2025) - The Ministry of Trade issued the following statement today. | 2025-06-05
The measure enters into force on the day after publication. |
Ministers from the Group of Seven meet on June 15-17 in Kananaskis. | 2025-06-15 2025-06-17
The hearing will be held on 17, 18 and, if need be, 19 June. | 2025-06-17 2025-06-18 2025-06-19 | an aside within a
  list
Between June 10 and June 12 the bureau takes calls from 9 to 5. | 2025-06-10 2025-06-12
They aim for a text by the first half of July, and a signature at the start of August. | 2025-07-01/2025-07-15
  2025-08-01/2025-08-10
A decision is not expected until mid- to late August. | 2025-08-11/2025-08-31
In late 2024 and early 2025 stocks ran down. |
Late in May the ministry had still said no. | 2025-05-21/2025-05-31
At the end of last month the commissioner made a new offer. | 2025-05-21/2025-05-31
The exemption ends June 30, 11:59 p.m. | 2025-06-30
The exemption, first granted on Dec. 1, 2024, ends on 30th June 2025. | 2024-12-01 2025-06-30
You have until the twentieth of June, gentlemen. | 2025-06-20
Starting June 16th we will charge what they charge. | 2025-06-16
June 16 is when the clock runs out. | 2025-06-16
The anniversary of April 2, 2025, will be marked without cake. | 2025-04-02
Executive Order 14257 of April 2, 2025 (Regulating Imports), as amended on April 8 and 9, is hereby amended. |
  2025-04-02 2025-04-08 2025-04-09
Published in the Federal Register, 90 FR 15041, on April 7. | 2025-04-07
Regulation (EU) 2023/956 of 10 May 2023 stays as it is. | 2023-05-10
See Section 301(b) of the Trade Act of 1974 (19 U.S.C. 2411). |
Prime Minister Theresa May and her 2018 plan are history. |
Protesters will march on Friday. | 2025-06-06
Of 31 clauses, 8 are agreed; rates run from 5 to 9.5 percent. |
Growth was 2.1 percent in the first quarter and may slow in the second. |
The plan, Vision 2030, dates from the last decade. |
Around 10 June the ministry will publish the list. | 2025-06-10
Some 45 days ago we were told it would take 30. | 2025-04-21
That was a week ago. | 2025-05-29
A week later, on June 4, it doubled. | 2025-06-04
On May 30 he promised a rise; five days later it was law. | 2025-05-30 2025-06-04
The pause was agreed on May 12 and lasts 90 days. | 2025-05-12
Ninety days after May 12 the old rates come back. | 2025-05-12 2025-08-10
The rates return 90 days after May 12 unless prolonged. | 2025-05-12 2025-08-10
Three weeks after the vote the mood has turned. |
The statement of June 2 came the day after talks broke down. | 2025-06-01 2025-06-02
She flies out tomorrow morning and is back on Sunday night. | 2025-06-06 2025-06-08
Earlier today, Minister Reynolds met Ambassador Greer in Paris. | 2025-06-05
Q: Will it be this week? A: It might be Friday. It might be Monday. | 2025-06-06 2025-06-09
Q: And the July date? A: The July 9 date? It's a date. | 2025-07-09
THE PRIME MINISTER: I said on the 3rd, and I say today, no. | 2025-06-03 2025-06-05
We hosted Secretary Lutnick on 28-30 May; the next session is foreseen for the week commencing 16 June. | 2025-05-28
  2025-05-30 2025-06-16
Washington time, it will still be Saturday 7 June when the rates change in Tokyo on the 8th. | 2025-06-07 2025-06-08
A duty of 25% (from 1 August: 30%) applies. | 2025-08-01
Steel: 50% (since 4 June); cars: 25% (since 3 April); parts: 25% (since 3 May). | 2025-04-03 2025-05-03 2025-06-04
Deadline: 9 July. Venue: Geneva. Contact: 022 739 51 11. | 2025-07-09
The ship docked Sat., May 31, and sailed Sun., June 1. | 2025-05-31 2025-06-01
The ministry's spokesperson, answering a question on 3 June, said the Chinese side had taken note. | 2025-06-03
# 2025-12-28
New fees begin on New Year's Day, and on January 5 the hearings start. | 2026-01-01 2026-01-05 | named days are not
  read
The exemption for toys, granted on May 12, lapses on January 31. | 2025-05-12 2026-01-31
The pact, signed on July 27, was ratified in October. | 2025-07-27
The summit was moved to May 14. | 2026-05-14
Trade talks broke off on June 27 and resumed two days later. | 2025-06-27 2025-06-29
By early March customs will have refunded importers. | 2026-03-01/2026-03-10
In early March the first duties were put on hold. | 2025-03-01/2025-03-10
# 2026-02-03
On 15 December the council had voted no; on 20 January it voted yes. | 2025-12-15 2026-01-20
Since April 5 a floor of ten percent has applied. | 2025-04-05
Duties doubled on August 27 and were halved yesterday. | 2025-08-27 2026-02-02
The review opens on July 1 and will run for months. | 2026-07-01
# 2025-09-24
The panel sits on Monday, Tuesday and Wednesday of next week. | 2025-09-29 2025-09-30 2025-10-01
Answers are wanted by close of business Friday. | 2025-09-26
Customs wants the papers before 6 p.m. on Thursday. | 2025-09-25 | before an hour may be past or to come
Talks this Friday in Ankara, a call on Saturday: the week is full. | 2025-09-26 2025-09-27 | no verb tells that
  Saturday is to come
The gap, he said this Tuesday, is small. | 2025-09-23
Between Monday and Wednesday the rupee lost two percent. | 2025-09-22 2025-09-24
The strike runs from Thursday to Saturday. | 2025-09-25 2025-09-27
A source said late Tuesday that nothing had been agreed. | 2025-09-23
In a statement issued Tuesday, Ottawa regretted the decision. | 2025-09-23
Tuesday saw the rand recover. | 2025-09-23
The President is scheduled to depart Thursday for Riyadh, officials said Monday. | 2025-09-22 2025-09-25
Next Monday, 29 September, is the last day for comments. | 2025-09-29
On Wednesday, October 1st, the shutdown begins. | 2025-10-01
October 1st's shutdown looms. | 2025-10-01
The order of 31 July (effective 7 August) stands. | 2025-07-31 2025-08-07
By letter dated September 5, the Embassy asked for consultations, which took place on September 16 and 17. |
  2025-09-05 2025-09-16 2025-09-17
Signed at Turnberry this twenty-seventh day of July, two thousand and twenty-five. | 2025-07-27
Done at Bern on 1.9.2025 in two originals. | 2025-09-01
The consultations opened on Sept. 22nd, 2025. | 2025-09-22
Sept. 30 is the end of the fiscal year. | 2025-09-30
The ministry will publish its findings on Oct 3, 10 and 17. | 2025-10-03 2025-10-10 2025-10-17
Officials from both sides conferred on August 29 - 30. | 2025-08-29 2025-08-30
The mission visited Detroit (3–5 September) and Ohio (8 September). | 2025-09-03 2025-09-05 2025-09-08
August 7 and August 27 were the dates that hurt. | 2025-08-07 2025-08-27
The rate was 25 on August 7 and 50 from August 27. | 2025-08-07 2025-08-27
The rate was 25 percent on August 7, 50 percent since August 27 and may be 75 by October 15. | 2025-08-07 2025-08-27
  2025-10-15
September 11 of last year found him in opposition. | 2024-09-11
On 2 April this year it all began; by 2 April next year it may be over. | 2025-04-02 2026-04-02
The council meets on the last Thursday of October and the second Tuesday in November. | 2025-10-30 2025-11-11
Ratification is foreseen for the second half of October or early in November. | 2025-10-16/2025-10-31
  2025-11-01/2025-11-10
The ambassador leaves at the end of this month. | 2025-09-21/2025-09-30
In mid-August the talks nearly collapsed. | 2025-08-11/2025-08-20
The grace period ends in ten days. | 2025-10-04
It took effect in three days flat, a record. |
Forty days ago there was no list; twelve days from now there will be two. | 2025-08-15 2025-10-06
A year ago today the plant was running two shifts. | 2024-09-24 2025-09-24
Imports are a third lower than a year ago. |
Yesterday's decision binds the lower courts; today's prices do not reflect it. | 2025-09-23
Tomorrow's hearing has been put off. | 2025-09-25
It is not today that we will settle this. |
The two men met on Monday in New York; the next day their teams sat down. | 2025-09-22 2025-09-23
The notice came on September 19, three days before the strike began on September 22. | 2025-09-19 2025-09-22
Two days before the October 1 deadline the ministers will meet. | 2025-09-29 2025-10-01
It opens on 3 November, and a week later the fair in Shanghai closes. | 2025-11-03 2025-11-10
The court sat again that same day and rose at midnight. |
Call 24-7 on 800-555-0199, quote case 9-24-B, lines 8471.30 and 8517.13. |
Group of 7, G20, APEC 2025, COP30, Section 122, 15 CFR 744: all quiet. |
Between 10 and 15 percent of firms, or 8 to 9 in ten of the largest, pay. |
Judge Augusta March, 52, and Mr. May, 9 years her senior, disagreed. |
May 2025 was the worst month, March the best. |
In June 25 million tonnes were landed; in July 30. |
Since March 140 ships have been rerouted. |
A Sunday driver and a Friday feeling do not make policy. | | a weekday as an adjective
The Man Who Was Thursday is his favourite novel. | | a weekday as a name
The first of the 15th Five-Year Plan's goals is self-reliance. |
At the 80th session, on the 38th floor, after the 5th round, they paused. |
Article 9 and Protocol 3 of the 1957 treaty, as amended in 2009, govern the rest. |
See pp. 3-5, tables 7/8 and note 12. |
FOR IMMEDIATE RELEASE / September 24, 2025 / USTR Announces Next Steps | 2025-09-24
24 SEP 2025 09:15 JST - Cabinet secretary's morning briefing. | 2025-09-24
Japan's chief cabinet secretary told the regular briefing on the 24th that the order of the 4th would be carried out.
  | 2025-09-04 2025-09-24
Beijing, Sept. 23 (Agency) -- China on Tuesday urged Mexico to think twice. | 2025-09-23
QUESTION: Was that before or after the 15th? ANSWER: After. On the 17th. | 2025-09-15 2025-09-17
"""


def cases() -> Iterator[Any]:
    published = ""
    for line in SENTENCES.strip().replace("\n  ", " ").splitlines():
        if line.startswith("# "):
            published = line.removeprefix("# ")
            continue
        text, wanted, *why = (part.strip() for part in line.split("|"))
        marks = [pytest.mark.xfail(reason=why[0], strict=True)] if why else []
        yield pytest.param(published, text.replace(" / ", "\n"), sorted(wanted.split()), id=text[:60], marks=marks)


@pytest.mark.parametrize(("published", "text", "wanted"), list(cases()))
def test_days_named(published: str, text: str, wanted: list[str]) -> None:
    found = dates(text, date.fromisoformat(published))
    assert sorted({str(one.first) if one.exact else f"{one.first}/{one.last}" for one in found}) == wanted
    assert all(0 <= one.start < one.end <= len(text) for one in found)
