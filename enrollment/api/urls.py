from rest_framework.routers import SimpleRouter

from .views import EnrollmentViewSet

router = SimpleRouter()
router.register("enrollments", EnrollmentViewSet, basename="api-enrollment")

urlpatterns = router.urls
