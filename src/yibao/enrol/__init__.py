"""参保征缴: who is insured, who is not, who paid, from when a benefit begins, and what follows for the lists of the year.

reads   persons, identities, enrolments, contributions, employers, fiscal_subsidies, areas, area_population, population_rosters, settlements,
        account_sharing
writes  enrolment_duplicates, benefit_waiting, enrolment_events, cap_raises (standard tables); everything else is a listing for people

    rules        a region's parameters, read on a day, with their sources; a missing one is an error that names it
    person       一人一档: all that is known of one person, in time
    coverage     参保率 with its denominator, four rosters, 未参保台账
    duplicates   重复参保: pairs → proposals that wait for approval; nothing is ever deleted here
    keeping      which of two relations to keep, a pure rule
    history      the years of a person: what was paid, broken, repaired, claimed
    waiting      待遇等待期, a pure rule        incentives   参保激励, an event log and the cap that follows from it
    counted      both rules over the county → tables        rights   the same as listings, with what changed
    aid          资助参保 with proof; 应保未保, 应资助未资助, 应救未救, identities without a list
    levy         paid and due, person by person; shares of the subsidy      progress   征缴进度 by town
    structure    在职退休比, 老龄化, former employers      watch   监测预警, month by month
    accounts     个人账户: credits due and made, balances carried, sharing in a family      account_rules   its parameters, month by month
    overview     one page of all this
    sql/*.sql    every set-wise step as a text of the portable subset

Rules are pure; tables are read and listings made at the edge of each module. Benefits are another domain's: what it needs of enrolment
it reads in `benefit_waiting` and `cap_raises`.
"""
