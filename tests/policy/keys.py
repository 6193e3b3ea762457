"""The keys of every answer of the API to a GET, through lists; `*` stands for any language."""

KEYS: dict[str, str] = {
    "GET api/v1/modules/<str:key>/revisions/": """
        count next previous results results.approvals results.change_class results.change_note
        results.content_hash results.country results.created_at results.effective_on results.id
        results.kind results.language results.module results.needed results.number results.owner
        results.published_at results.retake_by results.status results.submitted_at
        results.successor results.version results.withdraw_on results.withdrawal_reason
        results.withdrawn_at
    """,
    "GET api/v1/revisions/<int:pk>/about/": """
        audience hours licence outcomes references subject summary title validity_months base
    """,
    "GET api/v1/revisions/<int:pk>/lessons/": """
        key kind minutes required section title base
    """,
    "GET api/v1/revisions/<int:pk>/lessons/<str:key>/": """
        body key kind minutes references required section title base
    """,
    "GET api/v1/revisions/<int:pk>/quizzes/<str:lesson>/": """
        attempts draw pass pools questions questions.answer questions.correct questions.explanation questions.key
        questions.kind questions.options questions.options.correct questions.options.feedback questions.options.key
        questions.options.text questions.points questions.prompt questions.references questions.tolerance questions.unit
        questions.base base wait_hours
    """,
    "GET api/v1/revisions/<int:pk>/quizzes/<str:lesson>/questions/<str:key>/": """
        explanation key kind options options.correct options.key options.text points prompt references base
    """,
    "GET api/v1/courses/": """
        count next previous results results.audience results.audience.* results.countries
        results.countries.code results.countries.modules results.countries.of results.hours
        results.languages results.languages.code results.languages.modules results.languages.of
        results.modules results.modules.hours results.modules.key results.modules.lesson_keys
        results.modules.owner results.modules.owner.country results.modules.owner.name
        results.modules.owner.short_name results.modules.owner.slug results.modules.subject
        results.modules.title results.modules.title.* results.outcomes results.outcomes.*
        results.owner results.owner.country results.owner.name results.owner.short_name
        results.owner.slug results.published_at results.slug results.status results.summary
        results.summary.* results.title results.title.* results.url
    """,
    "GET api/v1/courses/<slug>/": """
        audience countries countries.code countries.modules countries.of hours languages
        languages.code languages.modules languages.of modules modules.hours modules.key
        modules.lesson_keys modules.owner modules.owner.country modules.owner.name
        modules.owner.short_name modules.owner.slug modules.subject modules.title modules.title.*
        outcomes owner owner.country owner.name owner.short_name owner.slug published_at slug status
        summary summary.* title title.* url
    """,
    "GET api/v1/modules/": """
        count next previous results results.co_owners results.countries results.hours results.key
        results.languages results.owner results.owner.country results.owner.name
        results.owner.short_name results.owner.slug results.source_language results.subject
        results.summary results.summary.* results.title results.title.*
    """,
    "GET api/v1/modules/<key>/": """
        co_owners co_owners.country co_owners.name co_owners.short_name co_owners.slug countries
        editions editions.content_hash editions.country editions.effective_on editions.kind
        editions.language editions.newer_on editions.number editions.owner editions.owner.country editions.owner.name
        editions.owner.short_name editions.owner.slug editions.published_at
        editions.withdraw_on fact_keys hours key
        languages lessons lessons.key lessons.kind lessons.minutes lessons.questions
        lessons.required lessons.section lessons.title owner owner.country owner.name
        owner.short_name owner.slug source_language subject summary summary.* title title.*
    """,
    "GET api/v1/modules/<str:key>/facts/": """
        count next previous results results.checked_by results.checked_on results.country results.is_overdue results.key
        results.legal_ref results.native_terms results.native_terms.lang results.native_terms.text
        results.review_due_on results.source_is_page results.source_url results.statement results.statement.*
        results.status
    """,
    "GET api/v1/enrollments/": """
        count next previous results results.access_until results.completed_at results.country
        results.course results.cycle results.due_on results.enrolled_at results.id results.language
        results.opens_on results.progress results.progress.done results.progress.minutes_left
        results.progress.percent results.progress.total results.title results.title.* results.url
        results.withdrawn_at
    """,
    "GET api/v1/enrollments/<pk>/": """
        access_until completed_at country course cycle due_on enrolled_at id language modules
        modules.core_revision modules.key modules.language modules.layer_revision modules.lessons
        modules.lessons.country modules.lessons.credited modules.lessons.done_at modules.lessons.key
        modules.lessons.kind modules.lessons.language modules.lessons.minutes
        modules.lessons.questions modules.lessons.required modules.lessons.score
        modules.lessons.title modules.title next_step next_step.lesson next_step.module opens_on
        progress progress.done progress.minutes_left progress.percent progress.total title title.*
        url withdrawn_at
    """,
    "GET api/v1/enrollments/<pk>/offers/": """
        change_note country first id lessons made_at module retake_by revision texts unchanged
    """,
    "GET api/v1/enrollments/<pk>/lessons/<module>/<lesson>/": """
        fallback html key language panels title
    """,
    "GET api/v1/certificates/": """
        count next previous results results.completed_on results.content_changed results.course
        results.enrollment results.issued_at results.kind results.language results.name
        results.name_hidden results.page_hidden results.pdf results.pdf_sha256 results.public_id
        results.reason results.revoked_at results.serial results.state results.title
        results.valid_until results.verify_url
    """,
    "GET api/v1/certificates/due/": """
        count next previous results results.completed_at results.course results.enrollment
        results.is_due results.language results.learner results.reasons results.reasons.code
        results.reasons.words
    """,
    "GET api/v1/certificates/<public_id>/": """
        completed_on content_changed course enrollment issued_at kind language name name_hidden
        page_hidden pdf pdf_sha256 public_id reason revoked_at serial state title valid_until
        verify_url
    """,
    "GET api/v1/jobs/<pk>/": """
        already_issued being_made cancelled created_at failed failures failures.enrollment
        failures.reason id is_live issued total waiting
    """,
    "GET api/v1/verify/<str:public_id>/": """
        commitment content_changed demonstration is_erased name pdf_sha256 printed
        printed.assessment printed.completed_on printed.description printed.hours printed.issued_on
        printed.issuer printed.issuer.country printed.issuer.country.code
        printed.issuer.country.name printed.issuer.name printed.kind printed.language printed.level
        printed.modules printed.modules.completed_on printed.modules.core printed.modules.country
        printed.modules.country.code printed.modules.country.name printed.modules.layer
        printed.modules.title printed.outcomes printed.participation printed.partners
        printed.partners.country printed.partners.country.code printed.partners.country.name
        printed.partners.name printed.programme printed.quality printed.references printed.replaces
        printed.sealed printed.serial printed.signatories printed.signatories.name
        printed.signatories.organisation printed.signatories.title printed.title printed.valid_until
        printed.verify_url public_id reason reason_code replacement revoked_on stands state
    """,
}
